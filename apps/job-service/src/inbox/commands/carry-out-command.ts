import { Injectable } from '@nestjs/common';
import { commandOf, limits, natsActor, tenantOf } from '@kintsugi/contracts';
import { Acts, AuditedCalls } from '@kintsugi/hosting';
import { originOf, type JsMsg } from '@kintsugi/messaging';
import { UpdateBatchJob } from '../../control/commands/update-batch-job.js';
import { AnswerCreateJob } from '../../intake/answer-create-job.js';
import { CommandReader, type ReceivedCommand } from '../command-reader.js';
import { InOrder } from '../in-order.js';
import { ApplyRecovery } from './apply-recovery.js';

/** Any producer may publish `createJob`, and none says who it is: what it names as its actor is not looked at. */
const producer = { userId: natsActor.name, tenant: tenantOf(natsActor), by: natsActor };

type CommandMessage = Pick<JsMsg, 'subject' | 'data' | 'headers'>;

/** Inside a string its quotes would be escaped, and no other thing of a report has a field of this name. */
const namedJob = /"job_id"\s*:\s*"([^"\\]{1,100})"/;

/** Carries out durable commands, whether they come from the stream or are replayed. */
@Injectable()
export class CarryOutCommand {
  /** What a producer reports of one job counts in the order it was sent. */
  private readonly inOrder = new InOrder();

  constructor(
    private readonly reader: CommandReader,
    private readonly answerCreateJob: AnswerCreateJob,
    private readonly updates: UpdateBatchJob,
    private readonly recovery: ApplyRecovery,
    private readonly acts: Acts,
    private readonly audited: AuditedCalls,
  ) {}

  /**
   * Resolves with the receipt once the command is done and safe.
   * @param messageKey the same where the message comes again
   * @param sequence its place in the stream; null where it is replayed, and does not come again by itself
   */
  execute(message: CommandMessage, messageKey: string, sequence: number | null = null): Promise<unknown> {
    const carryOut = async (): Promise<unknown> => {
      const command = await this.reader.read(message.subject, message.data);
      return this.carryOut(command, message, messageKey);
    };
    if (commandOf(message.subject) !== 'updateBatchJob') return carryOut();
    // Before it is read: a large report takes longer to read than a small one behind it, and nothing of other jobs waits for it.
    return this.inOrder.run(jobNamedIn(message.data), sequence, carryOut);
  }

  /** A message of the stream has been given up: nothing waits for it any more. */
  noteGivenUp(sequence: number): void {
    this.inOrder.forget(sequence);
  }

  private async carryOut(command: ReceivedCommand, message: CommandMessage, messageKey: string): Promise<unknown> {
    const { recovery } = this;
    switch (command.name) {
      case 'createJob':
        return this.answerCreateJob.toJob(command.job, { ...producer, messageKey });
      case 'updateBatchJob': {
        const { data } = command;
        const origin = { ...originOf(message), actor: natsActor };
        const call = { action: command.name, data, ...origin };
        return this.audited.run(call, () => this.updates.execute(data, origin, messageKey));
      }
      case 'deferTasks':
        return recovery.defer(command.data);
      case 'retryTasks':
        return recovery.retry(command.data);
      case 'discardTasks':
        return recovery.discard(command.data);
      case 'requeueTasks':
        this.acts.note({ action: command.name, data: { tasks: command.data.tasks.length }, ...originOf(message) });
        return recovery.requeue(command.data);
    }
  }
}

/** The job that a report is of, as far as that is seen without reading it: it only says what is carried out in order. */
function jobNamedIn({ buffer, byteOffset, length }: Uint8Array): string {
  const text = Buffer.from(buffer, byteOffset, Math.min(length, limits.messageBytes)).toString('latin1');
  return namedJob.exec(text)?.[1] ?? '';
}
