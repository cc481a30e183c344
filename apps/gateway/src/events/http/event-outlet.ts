import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { guarded } from '@kintsugi/boundary';
import { Exchange } from '../../http/exchange.js';
import type { Outlet } from '../commands/follower.js';

/** How a stream of server-sent events is answered. */
export const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** A stream lasts as long as its client likes: the trace of the request ends with its beginning. */
export function beginStream(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(streamHeaders);
  Exchange.of(request.raw).endTrace();
}

/** What may wait for one client that reads slowly. */
const waitingBytesMax = 1024 * 1024;
/** What may wait for all clients of a gateway together, before those that read slowly are let go. */
const waitingBytesMaxOfAll = 64 * 1024 * 1024;
/** A client that has more than this waiting reads slowly. */
const slowFromBytes = 64 * 1024;

/** What waits for all clients of a gateway together. */
export class EventBacklog {
  bytes = 0;
}

/** The body of a followed stream of events: bounded, because one client must not fill the memory of all. */
export class EventOutlet implements Outlet {
  readonly body = new PassThrough();
  private waiting = 0;
  private written = 0;
  private taken = 0;
  private takenAt: number | null = null;

  constructor(private readonly backlog: EventBacklog) {
    this.body.once(
      'close',
      guarded('event-outlet.close', () => this.count(0)),
    );
  }

  send(frame: string): boolean {
    if (this.body.destroyed || this.body.writableEnded) return false;
    const waiting = this.count();
    if (waiting > waitingBytesMax) return false;
    if (this.backlog.bytes > waitingBytesMaxOfAll && waiting > slowFromBytes) return false;
    this.body.write(frame);
    this.written += Buffer.byteLength(frame);
    return true;
  }

  stalledMs(nowMs: number): number {
    const waiting = this.count();
    const taken = this.written - waiting;
    if (waiting === 0 || taken > this.taken) this.takenAt = null;
    else this.takenAt ??= nowMs;
    this.taken = taken;
    return this.takenAt === null ? 0 : nowMs - this.takenAt;
  }

  get isFull(): boolean {
    return this.body.writableNeedDrain;
  }

  async drained(): Promise<void> {
    if (!this.isFull) return;
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

  private count(waiting = this.body.writableLength + this.body.readableLength): number {
    this.backlog.bytes += waiting - this.waiting;
    this.waiting = waiting;
    return waiting;
  }

  onClosed(listener: () => void): void {
    this.body.once('close', listener);
  }
}
