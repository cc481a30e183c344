import { PassThrough } from 'node:stream';
import type { Outlet } from '../commands/follower.js';

/** What may wait for one client that reads slowly. */
const waitingBytesMax = 1024 * 1024;

/** The body of a followed stream of events: bounded, because one client must not fill the memory of all. */
export class EventOutlet implements Outlet {
  readonly body = new PassThrough();

  send(frame: string): boolean {
    if (this.body.destroyed || this.body.writableEnded) return false;
    if (this.body.writableLength + this.body.readableLength > waitingBytesMax) return false;
    this.body.write(frame);
    return true;
  }

  async drained(): Promise<void> {
    if (!this.body.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        this.body.off('drain', settle);
        this.body.off('close', settle);
        resolve();
      };
      this.body.on('drain', settle);
      this.body.on('close', settle);
    });
  }

  end(): void {
    this.body.end();
  }

  cut(): void {
    this.body.destroy();
  }

  onClosed(listener: () => void): void {
    this.body.once('close', listener);
  }
}
