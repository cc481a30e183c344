import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { REPLY_TO_HEADER, isReplySubject, natsActor, tenantOf, type CommandData, type ConsumerName } from '@kintsugi/contracts';
import { Acts, AuditedCalls, FailedDeliveries, Faults, type FailedDelivery } from '@kintsugi/hosting';
import { Bus, originOf, placeOf, spanOfMessage, type JsMsg, type Origin } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { DeadLetterStore } from '@kintsugi/persistence';
import { inSpan } from '@kintsugi/tracing';
import { AnswerCreateJob } from '../../intake/answer-create-job.js';
import { UpdateBatchJob } from '../../control/commands/update-batch-job.js';
import { CommandReader } from '../command-reader.js';
import { ApplyRecovery } from '../commands/apply-recovery.js';

const consumer: ConsumerName = 'job-service-commands';
/** Any producer may publish `createJob`, and none says who it is: what it names as its actor is not looked at. */
const producer = { userId: natsActor.name, tenant: tenantOf(natsActor), by: natsActor };

/**
 * Carries out durable commands. Each is acknowledged by itself, once it is either done and safe or kept as a dead letter
 * with its reason. One that may still be carried out is delivered again, and nobody else with it.
 */
@Controller()
export class CommandConsumer {
  private readonly failures: FailedDeliveries;

  constructor(
    private readonly bus: Bus,
    private readonly reader: CommandReader,
    private readonly answerCreateJob: AnswerCreateJob,
    private readonly updates: UpdateBatchJob,
    private readonly recovery: ApplyRecovery,
    deadLetters: DeadLetterStore,
    metrics: Metrics,
    private readonly faults: Faults,
    private readonly acts: Acts,
    private readonly audited: AuditedCalls,
  ) {
    this.failures = new FailedDeliveries({
      deadLetters,
      onFault: faults.report,
      onKept: (reason) => metrics.count('kintsugi_dead_letters_total', { reason }),
      onGivenUp: (message, problem) => this.answer(message, problem.toProblem()),
    });
  }

  @EventPattern(consumer)
  async handle(@Payload() batch: JsMsg[]): Promise<void> {
    const failed = await Promise.all(batch.splice(0).map((message) => this.carryOut(message)));
    await this.failures.settle(failed.filter((failure) => failure !== null));
  }

  private async carryOut(message: JsMsg): Promise<FailedDelivery | null> {
    try {
      const { subject } = message;
      const name = subject.slice(subject.lastIndexOf('.') + 1);
      const receipt = await inSpan(spanOfMessage(message, name, subject, 'consumer'), () => this.run(message));
      this.answer(message, receipt);
      message.ack();
      return null;
    } catch (error) {
      return { message, error };
    }
  }

  /** A subject that nothing may be published to leaves the command as done as it is. */
  private answer(message: JsMsg, answer: unknown): void {
    const replyTo = message.headers?.get(REPLY_TO_HEADER);
    if (!replyTo) return;
    try {
      if (!isReplySubject(replyTo)) throw new Error(`${REPLY_TO_HEADER} names ${replyTo.slice(0, 100)}, where no answer may go.`);
      this.bus.publish(replyTo, JSON.stringify(answer));
    } catch (error) {
      this.faults.report(error, { subject: message.subject });
    }
  }

  private updateBatchJob(data: CommandData<'updateBatchJob'>, origin: Origin, key: string): Promise<unknown> {
    return this.audited.run({ action: 'updateBatchJob', data, ...origin }, () => this.updates.execute(data, origin, key));
  }

  private async run(message: JsMsg): Promise<unknown> {
    const { answerCreateJob, recovery } = this;
    const command = await this.reader.read(message.subject, message.data);
    switch (command.name) {
      case 'createJob':
        return answerCreateJob.toJob(command.job, { ...producer, messageKey: messageKeyOf(message) });
      case 'updateBatchJob':
        return this.updateBatchJob(command.data, { ...originOf(message), actor: natsActor }, messageKeyOf(message));
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

/** Stays the same also where its sender publishes the message once more. */
function messageKeyOf(message: JsMsg): string {
  return message.headers?.get('Nats-Msg-Id') || placeOf(message);
}
