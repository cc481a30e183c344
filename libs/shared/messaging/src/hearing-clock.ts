import { createInbox, type Subscription } from '@nats-io/nats-core';
import { every } from '@kintsugi/boundary';
import { AwakeTime } from '@kintsugi/contracts';
import type { Bus } from './bus.js';

const echoEveryMs = 250;
/** An echo counts for as much at most. */
const stepMaxMs = 2 * echoEveryMs;
/** A sign of others is waited for so long: an echo that is asked for then is back before the clock would stand. */
const signWaitMs = stepMaxMs - 40;
/** With so many echoes missing in a row, while this process was awake, the broker was away. */
const deafEchoes = 4;

/**
 * Time for those who judge others by what comes over the bus. It is carried by a message that this process sends to
 * itself: whatever keeps that from coming back - a pause or a long turn of this process, a paused or restarted broker, a cut
 * connection - keeps others from being heard too, and stops the clock. What arrived before the echo has been read when
 * the clock goes on; so whoever judges on `onHeard` never takes for silence what lay in the socket.
 */
export class HearingClock {
  private readonly time = new AwakeTime(stepMaxMs);
  private readonly listeners = new Map<() => void, () => boolean>();
  private readonly inbox = createInbox();
  private subscription: Subscription | null = null;
  private timer: NodeJS.Timeout | null = null;
  private lastSignAt = -Infinity;
  private unheard = 0;
  private deaf = true;
  private since = 0;

  constructor(private readonly bus: Pick<Bus, 'publish' | 'subscribe' | 'onState' | 'state'>) {
    bus.onState(() => (this.deaf = true));
  }

  /** Milliseconds in which others could be heard. */
  get now(): number {
    return this.time.now;
  }

  /** When the broker was last reached again. Others may still be on their way back to it for a while after that. */
  get hearsSince(): number {
    return this.since;
  }

  /**
   * Called with each echo.
   * @param isNeeded whether somebody may have to be judged soon: while that is not so, what others say is sign enough, and no echo is asked for
   */
  onHeard(listener: () => void, isNeeded: () => boolean = () => true): void {
    this.listeners.set(listener, isNeeded);
  }

  /**
   * Something of others has come, so that they could be heard. It counts for nothing while somebody may have to be judged: what
   * is read slowly has many signs in it, and lies before what the judged may have said.
   */
  noteSign(): void {
    if (!this.isNeeded) this.pass();
  }

  start(): void {
    this.subscription = this.bus.subscribe(this.inbox, () => this.hear());
    this.timer = every('hearing-clock', echoEveryMs, () => this.callIfNeeded());
    this.call();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.subscription?.unsubscribe();
    this.listeners.clear();
  }

  private callIfNeeded(): void {
    const isSilent = performance.now() - this.lastSignAt >= signWaitMs;
    if (isSilent || this.unheard > 0 || this.isNeeded) this.call();
  }

  private get isNeeded(): boolean {
    for (const isNeeded of this.listeners.values()) if (isNeeded()) return true;
    return false;
  }

  private call(): void {
    this.unheard += 1;
    if (this.unheard > deafEchoes) this.deaf = true;
    if (this.bus.state === 'up') this.bus.publish(this.inbox, '');
  }

  private hear(): void {
    this.pass();
    for (const listener of this.listeners.keys()) listener();
  }

  private pass(): void {
    this.unheard = 0;
    this.lastSignAt = performance.now();
    this.time.pass();
    if (this.deaf) this.since = this.time.now;
    this.deaf = false;
  }
}
