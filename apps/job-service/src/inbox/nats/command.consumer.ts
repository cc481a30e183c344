import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { REPLY_TO_HEADER, commandOf, isReplySubject, type ConsumerName } from '@kintsugi/contracts';
import { FailedDeliveries, Faults, type FailedDelivery } from '@kintsugi/hosting';
import { Bus, messageIdOf, placeOf, spanOfMessage, type JsMsg } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { DeadLetterStore } from '@kintsugi/persistence';
import { inSpan } from '@kintsugi/tracing';
import { CarryOutCommand } from '../commands/carry-out-command.js';
import { messageKeyOf } from '../message-key.js';

const consumer: ConsumerName = 'job-service-commands';

/**
 * Carries out durable commands. Each is acknowledged by itself, once it is either done and safe or kept as a dead letter
 * with its reason. One that may still be carried out is delivered again, and nobody else with it.
 */
@Controller()
export class CommandConsumer {
  private readonly failures: FailedDeliveries;

  constructor(
    private readonly bus: Bus,
    private readonly command: CarryOutCommand,
    deadLetters: DeadLetterStore,
    metrics: Metrics,
    private readonly faults: Faults,
  ) {
    this.failures = new FailedDeliveries({
      deadLetters,
      onFault: faults.report,
      onKept: (reason) => metrics.count('kintsugi_dead_letters_total', { reason }),
      onGivenUp: (message, problem) => {
        this.command.noteGivenUp(message.seq);
        this.answer(message, problem.toProblem());
      },
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
      const span = spanOfMessage(message, commandOf(subject), subject, 'consumer');
      const key = messageKeyOf(messageIdOf(message), placeOf(message));
      const receipt = await inSpan(span, () => this.command.execute(message, key, message.seq));
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
}
