import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  ProblemError,
  REPLY_TO_HEADER,
  commands,
  decodeUtf8,
  parseJson,
  subjects,
  validate,
  type CommandData,
  type CommandName,
  type ConsumerName,
} from '@kintsugi/contracts';
import { Bus, type JsMsg } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { isUnreachable } from '@kintsugi/persistence';
import { Faults } from '../../faults.js';
import { AcceptJob } from '../../intake/commands/accept-job.js';
import { taskLinesOf } from '../../intake/domain/task-lines.js';
import { ApplyRecovery } from '../commands/apply-recovery.js';
import { DeadLetterStore, type DeadLetter } from '../mongo/dead-letter-store.js';

const payloadKeptMax = 16 * 1024;
const prefix = subjects.command('');
const consumer: ConsumerName = 'job-service-commands';
const redeliveryDelayMs = 1_000;
/** Deliveries of a command that fails by a fault nobody expected, the first included. Each waits twice as long as the one before. */
const faultyDeliveriesMax = 5;

/** A command that will not be carried out, and why. */
interface Refusal {
  message: JsMsg;
  problem: ProblemError;
}

/**
 * Carries out durable commands. Each is acknowledged by itself, once it is either done and safe or kept as a dead letter
 * with its reason. One that may still be carried out is delivered again, and nobody else with it.
 */
@Controller()
export class CommandConsumer {
  constructor(
    private readonly bus: Bus,
    private readonly acceptJob: AcceptJob,
    private readonly recovery: ApplyRecovery,
    private readonly letters: DeadLetterStore,
    private readonly metrics: Metrics,
    private readonly faults: Faults,
  ) {}

  @EventPattern(consumer)
  async handle(@Payload() batch: JsMsg[]): Promise<void> {
    const refused = await Promise.all(batch.splice(0).map((message) => this.carryOut(message)));
    await this.refuse(refused.filter((refusal) => refusal !== null));
  }

  private async carryOut(message: JsMsg): Promise<Refusal | null> {
    try {
      const receipt = await this.run(message);
      this.answer(message, receipt);
      message.ack();
      return null;
    } catch (error) {
      if (!(error instanceof ProblemError)) this.report(message, error);
      const verdict = judge(error, message.info.deliveryCount);
      if (verdict instanceof ProblemError) return { message, problem: verdict };
      message.nak(verdict.againInMs);
      return null;
    }
  }

  /** Keeps what will not be carried out as dead letters; only then is its sender told and the broker rid of it. */
  private async refuse(refused: readonly Refusal[]): Promise<void> {
    try {
      await this.letters.keep(refused.map(deadLetterOf));
    } catch (error) {
      for (const { message } of refused) {
        this.report(message, error);
        message.nak(redeliveryDelayMs);
      }
      return;
    }
    for (const { message, problem } of refused) {
      this.metrics.count('kintsugi_dead_letters_total', { reason: problem.code });
      this.answer(message, problem.toProblem());
      message.ack();
    }
  }

  /** A subject that nothing can be published to leaves the command as done as it is. */
  private answer(message: JsMsg, answer: unknown): void {
    const replyTo = message.headers?.get(REPLY_TO_HEADER);
    if (!replyTo) return;
    try {
      this.bus.publish(replyTo, JSON.stringify(answer));
    } catch (error) {
      this.report(message, error);
    }
  }

  private report(message: JsMsg, error: unknown): void {
    this.faults.report(error, { subject: message.subject, requestId: undefined });
  }

  private async run(message: JsMsg): Promise<unknown> {
    const { acceptJob, recovery } = this;
    const command = readCommand(message.subject, message.data);
    switch (command.name) {
      case 'createJob':
        return acceptJob.create(command.data, { userId: 'nats', messageKey: messageKeyOf(message) });
      case 'deferTasks':
        return recovery.defer(command.data);
      case 'retryTasks':
        return recovery.retry(command.data);
      case 'buryTasks':
        return recovery.bury(command.data);
      case 'reviveTasks':
        return recovery.revive(command.data);
    }
  }
}

type ReceivedCommand = { [Name in CommandName]: { name: Name; data: CommandData<Name> } }[CommandName];

/** The command that a message carries, held to its contract. */
export function readCommand(subject: string, payload: Uint8Array): ReceivedCommand {
  const name = subject.slice(prefix.length);
  if (!(name in commands)) {
    throw new ProblemError(
      'ACTION_UNKNOWN',
      `There is no command ${name.slice(0, 100)}. Known: ${Object.keys(commands).join(', ')}.`,
    );
  }
  const input = parseJson(decodeUtf8(payload, 'The message'), 'data');
  const command = { name, data: validate(commands[name as CommandName].data, input, 'data') } as ReceivedCommand;
  if (command.name === 'createJob' && command.data.tasks) taskLinesOf(command.data.tasks);
  return command;
}

/** What becomes of a command that failed: it is delivered again, or given up for a reason. */
function judge(error: unknown, deliveries: number): ProblemError | { againInMs: number } {
  if (error instanceof ProblemError) return error.toProblem().retryable ? { againInMs: redeliveryDelayMs } : error;
  if (isUnreachable(error)) return { againInMs: redeliveryDelayMs };
  if (deliveries < faultyDeliveriesMax) return { againInMs: redeliveryDelayMs * 2 ** (deliveries - 1) };
  return new ProblemError(
    'INTERNAL',
    `The command was delivered ${deliveries} times and failed by an unexpected fault, which has been logged.`,
  );
}

/** Stays the same over deliveries and differs between messages, also after the stream was lost and made anew. */
function placeOf({ info }: JsMsg): string {
  return `${info.stream}.${info.streamSequence}.${info.timestampNanos}`;
}

/** Stays the same also where its sender publishes the message once more. */
function messageKeyOf(message: JsMsg): string {
  return message.headers?.get('Nats-Msg-Id') || placeOf(message);
}

function deadLetterOf({ message, problem }: Refusal): DeadLetter {
  return {
    _id: placeOf(message),
    subject: message.subject.slice(0, 200),
    stream_sequence: message.seq,
    message_id: message.headers?.get('Nats-Msg-Id') || null,
    reason: problem.code,
    problem: problem.toProblem(),
    payload: new TextDecoder().decode(message.data.subarray(0, payloadKeptMax)),
    payload_bytes: message.data.length,
    received_at: new Date(),
  };
}
