import { Injectable } from '@nestjs/common';
import { commandOf, natsActor, tenantOf } from '@kintsugi/contracts';
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
   */
  async execute(message: CommandMessage, messageKey: string): Promise<unknown> {
    const { recovery } = this;
    const command = await this.read(message);
    switch (command.name) {
      case 'createJob':
        return this.answerCreateJob.toJob(command.job, { ...producer, messageKey });
      case 'updateBatchJob': {
        const { data } = command;
        const origin = { ...originOf(message), actor: natsActor };
        const call = { action: command.name, data, ...origin };
        return this.inOrder.run(data.job_id, () => this.audited.run(call, () => this.updates.execute(data, origin, messageKey)));
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

  /** A large report takes longer to read than a small one behind it. */
  private read({ subject, data }: CommandMessage): Promise<ReceivedCommand> {
    const read = (): Promise<ReceivedCommand> => this.reader.read(subject, data);
    return commandOf(subject) === 'updateBatchJob' ? this.inOrder.run(subject, read) : read();
  }
}
