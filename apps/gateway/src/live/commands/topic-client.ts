import { inBackground } from '@kintsugi/boundary';
import { eventFrame, type Frame } from '../../events/domain/event-frame.js';
import type { Outlet } from '../../events/commands/follower.js';
import { eventTopicsOf, type TopicRequest } from './topic-request.js';
import { SlowReader, type OnceFrame } from '../domain/slow-reader.js';

/** Timers are early and late by so much. */
const slackMs = 50;

/**
 * One connection to the stream, with its topics. While it takes what it is sent, it is sent everything at once; while it does
 * not, what waits for it is bounded.
 */
export class TopicClient {
  private slow = new SlowReader();
  private readonly told = new Map<string, { frame: string; at: number }>();
  private isBusy = false;
  private isHolding: boolean;
  private isOver = false;
  private cursor = 0;

  constructor(
    readonly request: TopicRequest,
    private readonly outlet: Outlet,
    private readonly onOver: () => void,
  ) {
    this.isHolding = request.lastSeen !== null && eventTopicsOf(request).length > 0;
  }

  get over(): boolean {
    return this.isOver;
  }

  /**
   * Something as it is now; once, however often it is told.
   * @param now by performance.now(); Infinity where nothing comes after it
   */
  tellNow(topic: string, frame: string, now: number): void {
    const told = this.told.get(topic);
    if (told?.frame === frame || now - (told?.at ?? -Infinity) < this.request.intervalMs - slackMs) return;
    this.told.set(topic, { frame, at: now });
    if (this.isBusy) this.slow.keepNewest(topic, frame);
    else this.send(frame);
  }

  /** Something that happened, which is told once. */
  tellOnce(event: OnceFrame): void {
    if (event.sequence <= this.cursor) return;
    if (this.isBusy || this.isHolding) return this.slow.keepOnce(event);
    this.cursor = event.sequence;
    this.send(event.frame);
  }

  tell(frame: Frame): void {
    this.send(eventFrame(frame));
  }

  /** What the client has missed, at its own pace, before whatever happens now. */
  async replay(events: readonly OnceFrame[]): Promise<void> {
    for (const event of events) {
      if (this.isOver) return;
      this.cursor = Math.max(this.cursor, event.sequence);
      if (!this.outlet.send(event.frame)) return this.finish('cut');
      await this.outlet.drained();
    }
  }

  /** From now on it is told at once what happens after that place. */
  goLive(cursor: number): void {
    this.cursor = Math.max(this.cursor, cursor);
    this.isHolding = false;
    this.catchUp();
  }

  /** The stream is another: its numbers begin anew. */
  startAfresh(frame: Frame): void {
    this.cursor = 0;
    this.slow = new SlowReader();
    this.tell(frame);
  }

  beat(frame: string, nowMs: number): number {
    if (!this.isBusy) this.send(frame);
    return this.outlet.stalledMs(nowMs);
  }

  /** @param how `end` lets what was sent arrive, `cut` does not wait for the client */
  finish(how: 'end' | 'cut'): void {
    if (this.isOver) return;
    this.isOver = true;
    if (how === 'end') this.outlet.end();
    else this.outlet.cut();
    this.onOver();
  }

  private send(frame: string): void {
    if (this.isOver) return;
    if (!this.outlet.send(frame)) return this.finish('cut');
    if (this.isBusy || !this.outlet.isFull) return;
    this.isBusy = true;
    inBackground('topic-client.drain', async () => {
      await this.outlet.drained();
      this.isBusy = false;
      this.catchUp();
    });
  }

  private catchUp(): void {
    while (!this.isBusy && !this.isHolding && !this.isOver) {
      const next = this.slow.next();
      if (!next) return;
      if (next.sequence !== null && next.sequence <= this.cursor) continue;
      this.cursor = next.sequence ?? this.cursor;
      this.send(next.frame);
    }
  }
}
