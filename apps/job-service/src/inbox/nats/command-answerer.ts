import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { isReplySubject, limits, subjects } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { Bus, replyWithProblem, type Msg } from '@kintsugi/messaging';
import { isUnreachable } from '@kintsugi/persistence';
import { CommandReader } from '../command-reader.js';

/** Bytes of commands that may wait here to be read. Of those beyond it nothing is told: they are kept as dead letters all the same. */
const heldBytesMax = 4 * limits.bodyBytes;

/**
 * Tells the sender of a malformed command what is wrong where it gave a reply subject. The stream's own receipt says
 * only that the message was stored, and the consumer that will refuse it never sees the reply subject. Commands reach it as
 * fast as they are sent, so it listens on a connection of its own, which may be cut.
 */
@Injectable()
export class CommandAnswerer {
  private own: Bus | null = null;
  private readonly stopped = new AbortController();
  private heldBytes = 0;

  constructor(
    private readonly bus: Bus,
    private readonly reader: CommandReader,
    private readonly faults: Faults,
  ) {}

  start(): void {
    inBackground('command-answerer.listen', () => this.listen());
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.own?.close();
  }

  private async listen(): Promise<void> {
    const { signal } = this.stopped;
    const own = await this.bus.beside('command answers', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!own) return;
    this.own = own;
    own.subscribe(
      subjects.allCommands,
      (message) => {
        if (message.reply && isReplySubject(message.reply)) inBackground('command-answerer.tell', () => this.tell(message));
      },
      { queue: 'command-answerer' },
    );
  }

  private async tell(message: Msg): Promise<void> {
    const { length: bytes } = message.data;
    if (this.heldBytes + bytes > heldBytesMax) return;
    this.heldBytes += bytes;
    try {
      await this.reader.read(message.subject, message.data);
    } catch (error) {
      replyWithProblem(message, error, this.faults.report, isUnreachable);
    } finally {
      this.heldBytes -= bytes;
    }
  }
}
