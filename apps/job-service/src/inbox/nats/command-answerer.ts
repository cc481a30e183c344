import { inBackground } from '@kintsugi/boundary';
import { isReplySubject, limits, subjects } from '@kintsugi/contracts';
import { replyWithProblem, type Bus, type FaultListener, type Msg, type Subscription } from '@kintsugi/messaging';
import { isUnreachable } from '@kintsugi/persistence';
import type { CommandReader } from '../command-reader.js';

/** Bytes of commands that may wait here to be read. Of those beyond it nothing is told: they are kept as dead letters all the same. */
const heldBytesMax = 4 * limits.bodyBytes;

/**
 * Tells the sender of a malformed command what is wrong where it gave a reply subject. The stream's own receipt says
 * only that the message was stored, and the consumer that will refuse it never sees the reply subject.
 */
export class CommandAnswerer {
  private subscription: Subscription | null = null;
  private heldBytes = 0;

  constructor(
    private readonly bus: Bus,
    private readonly reader: CommandReader,
    private readonly onFault: FaultListener,
  ) {}

  start(): void {
    this.subscription = this.bus.subscribe(
      subjects.allCommands,
      (message) => {
        if (message.reply && isReplySubject(message.reply)) inBackground('command-answerer.tell', () => this.tell(message));
      },
      { queue: 'command-answerer' },
    );
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  private async tell(message: Msg): Promise<void> {
    const { length: bytes } = message.data;
    if (this.heldBytes + bytes > heldBytesMax) return;
    this.heldBytes += bytes;
    try {
      await this.reader.read(message.subject, message.data);
    } catch (error) {
      replyWithProblem(message, error, this.onFault, isUnreachable);
    } finally {
      this.heldBytes -= bytes;
    }
  }
}
