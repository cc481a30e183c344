import { Injectable } from '@nestjs/common';
import { natsActor, tenantOf } from '@kintsugi/contracts';
import { Acts, AuditedCalls } from '@kintsugi/hosting';
import { originOf, type JsMsg } from '@kintsugi/messaging';
import { UpdateBatchJob } from '../../control/commands/update-batch-job.js';
import { AnswerCreateJob } from '../../intake/answer-create-job.js';
import { CommandReader } from '../command-reader.js';
import { ApplyRecovery } from './apply-recovery.js';

/** Any producer may publish `createJob`, and none says who it is: what it names as its actor is not looked at. */
const producer = { userId: natsActor.name, tenant: tenantOf(natsActor), by: natsActor };

/** Carries out durable commands, whether they come from the stream or are replayed. */
@Injectable()
export class CarryOutCommand {
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
  async execute(message: Pick<JsMsg, 'subject' | 'data' | 'headers'>, messageKey: string): Promise<unknown> {
    const { recovery } = this;
    const command = await this.reader.read(message.subject, message.data);
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
