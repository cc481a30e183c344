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
import { Bus, toProblemError, type JsMsg } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { Faults } from '../../faults.js';
import { AcceptJob } from '../../intake/commands/accept-job.js';
import { taskLinesOf } from '../../intake/domain/task-lines.js';
import { ApplyRecovery } from '../commands/apply-recovery.js';
import { DeadLetterStore, type DeadLetter } from '../mongo/dead-letter-store.js';

const payloadKeptMax = 16 * 1024;
const prefix = subjects.command('');
const consumer: ConsumerName = 'job-service-commands';

/**
 * Carries out durable commands. A batch is acknowledged once every command in it is either done and safe, or kept as
 * a dead letter with its reason; a fault that may pass has the batch delivered again.
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
    const letters = await Promise.all(batch.map((message) => this.carryOut(message)));
    await this.letters.keep(letters.filter((letter) => letter !== null));
  }

  private async carryOut(message: JsMsg): Promise<DeadLetter | null> {
    const replyTo = message.headers?.get(REPLY_TO_HEADER);
    try {
      const receipt = await this.run(message);
      if (replyTo) this.bus.publish(replyTo, JSON.stringify(receipt));
      return null;
    } catch (error) {
      const problem = toProblemError(error, (fault) =>
        this.faults.report(fault, { subject: message.subject, requestId: undefined }),
      );
      if (problem.toProblem().retryable) throw error;
      if (replyTo) this.bus.publish(replyTo, JSON.stringify(problem.toProblem()));
      this.metrics.count('kintsugi_dead_letters_total', { reason: problem.code });
      return deadLetterOf(message, problem);
    }
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

/** Stays the same over deliveries and differs between messages, also after the stream was lost and made anew. */
function messageKeyOf(message: JsMsg): string {
  const { streamSequence, timestampNanos } = message.info;
  return message.headers?.get('Nats-Msg-Id') || `${message.info.stream}.${streamSequence}.${timestampNanos}`;
}

function deadLetterOf(message: JsMsg, problem: ProblemError): DeadLetter {
  return {
    _id: messageKeyOf(message).slice(0, 200),
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
