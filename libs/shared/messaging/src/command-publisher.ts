import { subjects, type CommandData, type CommandName } from '@kintsugi/contracts';
import { headersOf, type Bus } from './bus.js';
import { StreamRestorer } from './stream-restorer.js';

export interface OutgoingCommand<Name extends CommandName = CommandName> {
  /** Stays the same when the command is published again, so that the broker drops the copy. */
  id: string;
  name: Name;
  data: CommandData<Name>;
}

/** Publishes durable commands. Resolves once the broker has stored the command. */
export class CommandPublisher {
  private readonly streams: StreamRestorer;

  constructor(private readonly bus: Bus) {
    this.streams = new StreamRestorer(bus);
  }

  async publish<Name extends CommandName>(command: OutgoingCommand<Name>): Promise<void> {
    // A request made now would wait for its time-out, also when the broker is back long before.
    if (this.bus.state === 'down') throw new Error('The broker is away.');
    const headers = headersOf({ 'Nats-Msg-Id': command.id, 'content-type': 'application/json' });
    try {
      await this.bus.js.publish(subjects.command(command.name), JSON.stringify(command.data), { headers, timeout: 3_000 });
    } catch (error) {
      // The usual cause is a stream that is gone; the caller will publish again.
      await this.streams.restore();
      throw error;
    }
  }
}
