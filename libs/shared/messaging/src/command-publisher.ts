import { JetStreamApiError } from '@nats-io/jetstream';
import { InvalidArgumentError } from '@nats-io/nats-core';
import {
  ACTOR_HEADER,
  ProblemError,
  TRACEPARENT_HEADER,
  subjects,
  type Actor,
  type CommandData,
  type CommandName,
} from '@kintsugi/contracts';
import { inSpan, tracing } from '@kintsugi/tracing';
import type { Bus } from './bus.js';
import { headersOf } from './message-headers.js';
import { textOf } from './origin.js';
import { StreamRestorer } from './stream-restorer.js';
import { spanOfSending } from './traced-messages.js';

export interface OutgoingCommand<Name extends CommandName = CommandName> {
  /** Stays the same when the command is published again, so that the broker drops the copy. */
  id: string;
  name: Name;
  data: CommandData<Name>;
  /** Who asks for it. */
  actor: Actor;
}

/** The broker's code for a stream that cannot store a message: it is as large as it may be. */
const storeFailed = 10077;

/**
 * Publishes durable commands. Resolves once the broker has stored the command; while it cannot, that is
 * SERVICE_UNAVAILABLE, and the command is to be published again.
 */
export class CommandPublisher {
  private readonly streams: StreamRestorer;

  constructor(private readonly bus: Bus) {
    this.streams = new StreamRestorer(bus);
  }

  publish<Name extends CommandName>(command: OutgoingCommand<Name>): Promise<void> {
    const span = tracing() && spanOfSending(command.name, subjects.command(command.name), 'producer');
    return inSpan(span, () => this.send(command, span?.traceparent));
  }

  private async send<Name extends CommandName>(command: OutgoingCommand<Name>, traceparent: string | undefined): Promise<void> {
    // A request made now would wait for its time-out, also when the broker is back long before.
    if (this.bus.state === 'down') throw unavailable('is away');
    const { id, actor } = command;
    const headers = headersOf({
      ...{ 'Nats-Msg-Id': id, [ACTOR_HEADER]: textOf(actor), 'content-type': 'application/json' },
      ...(traceparent === undefined ? {} : { [TRACEPARENT_HEADER]: traceparent }),
    });
    try {
      await this.bus.js.publish(subjects.command(command.name), JSON.stringify(command.data), { headers, timeout: 3_000 });
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw error;
      // The usual cause is a stream that is gone; the caller will publish again. A full one is there.
      if (!(error instanceof JetStreamApiError && error.code === storeFailed)) await this.streams.restore();
      throw unavailable(error instanceof Error ? `did not take the command (${error.message})` : 'did not take the command');
    }
  }
}

function unavailable(why: string): ProblemError {
  return new ProblemError('SERVICE_UNAVAILABLE', `The broker ${why}.`, { retry_after: 1 });
}
