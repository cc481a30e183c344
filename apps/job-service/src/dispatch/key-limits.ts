import { Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import type { JobRecord } from '../jobs/domain/job.js';
import { burstOf, concurrencyKeyOf, rateKeyOf } from '../jobs/domain/limit-keys.js';
import { TokenBucket, type Rate } from './domain/token-bucket.js';

type LimitedJob = Pick<JobRecord, 'tenant' | 'concurrency' | 'rate_limit'>;

interface RatedKey {
  bucket: TokenBucket;
  rate: Rate;
}

/** Rated keys that are remembered before those that are full, and so as good as new, are forgotten. */
const rememberedMax = 10_000;

/**
 * What jobs of one key may run together: how many of their tasks workers hold, and the tokens of their rate. Nothing of it is
 * stored: what workers hold is in the leases, and a rate begins anew without tokens whenever a replica begins to lead.
 */
@Injectable()
export class KeyLimits {
  private readonly held = new Map<string, number>();
  private readonly rated = new Map<string, RatedKey>();
  /** Rated keys that jobs wait for, and when the next token of each is there. */
  private readonly awaited = new Map<string, number>();
  private readonly listeners: ((key: string) => void)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private timerAt = Infinity;
  private since = performance.now();

  /** From now on tokens come: none is left over from a leader before. */
  start(): void {
    this.since = performance.now();
    this.rated.clear();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.timerAt = Infinity;
  }

  /** Calls the listener with a rated key that has a token again. */
  onTokens(listener: (key: string) => void): void {
    this.listeners.push(listener);
  }

  /** Tasks of a job that may be given to workers now, as far as its keys are concerned. */
  freeSlots(job: LimitedJob): number {
    if (job.concurrency === undefined && job.rate_limit === undefined) return Infinity;
    const slots = this.slotsUnder(job);
    if (slots <= 0 || job.rate_limit === undefined) return slots;
    const key = rateKeyOf(job) ?? '';
    const { bucket, rate } = this.ratedKey(key, job.rate_limit);
    const now = performance.now();
    const tokens = bucket.available(now, rate);
    if (tokens < 1) this.expect(key, now + bucket.dueIn(now, rate), now);
    return Math.min(slots, tokens);
  }

  /** What its keys keep it waiting for. */
  waitOf(job: LimitedJob): {
    full: { key: string; limit: number } | null;
    rate: { key: string; perSecond: number; dueMs: number } | null;
  } {
    const { concurrency, rate_limit: limit } = job;
    const full = concurrency !== undefined && this.slotsUnder(job) <= 0 ? concurrency : null;
    if (!limit) return { full, rate: null };
    const { bucket, rate } = this.ratedKey(rateKeyOf(job) ?? '', limit);
    const dueMs = bucket.dueIn(performance.now(), rate);
    return { full, rate: dueMs > 0 ? { key: limit.key, perSecond: limit.per_second, dueMs } : null };
  }

  /** Tasks under its concurrency key that have to end before another of the job may begin; 0 where one may now. */
  shortUnder(job: LimitedJob): number {
    return Math.max(0, 1 - this.slotsUnder(job));
  }

  /** Tasks of a job are given to a worker. */
  noteStarted(job: LimitedJob, tasks: number): void {
    if (job.rate_limit === undefined) return;
    this.ratedKey(rateKeyOf(job) ?? '', job.rate_limit).bucket.take(tasks);
    if (this.rated.size > rememberedMax) this.forgetFull();
  }

  /** Workers hold so many more tasks of a job. */
  noteHeld(job: LimitedJob, tasks: number): void {
    const key = concurrencyKeyOf(job);
    if (key !== null) this.held.set(key, (this.held.get(key) ?? 0) + tasks);
  }

  /** Workers hold so many fewer. Gives the concurrency key under which there is more room now. */
  noteEnded(job: LimitedJob, tasks: number): string | null {
    const key = concurrencyKeyOf(job);
    if (key === null) return null;
    const held = (this.held.get(key) ?? 0) - tasks;
    if (held > 0) this.held.set(key, held);
    else this.held.delete(key);
    return key;
  }

  private slotsUnder(job: LimitedJob): number {
    const key = concurrencyKeyOf(job);
    return key === null || !job.concurrency ? Infinity : job.concurrency.limit - (this.held.get(key) ?? 0);
  }

  /** A key that was not heard of has rested since this replica leads. */
  private ratedKey(key: string, limit: NonNullable<LimitedJob['rate_limit']>): RatedKey {
    const known = this.rated.get(key);
    const rate = { perSecond: limit.per_second, burst: burstOf(limit) };
    if (known) {
      known.rate = rate;
      return known;
    }
    const fresh = { bucket: new TokenBucket(this.since), rate };
    this.rated.set(key, fresh);
    return fresh;
  }

  private forgetFull(): void {
    const now = performance.now();
    for (const [key, { bucket, rate }] of this.rated) if (bucket.available(now, rate) >= rate.burst) this.rated.delete(key);
  }

  private expect(key: string, at: number, now: number): void {
    // Jobs of one key may have rates of their own: whoever has to wait longest must not keep the others waiting.
    this.awaited.set(key, Math.min(at, this.awaited.get(key) ?? Infinity));
    if (at >= this.timerAt) return;
    if (this.timer) clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = after('key-limits', Math.max(1, at - now), () => this.tellTokens());
  }

  private tellTokens(): void {
    const now = performance.now();
    this.timer = null;
    this.timerAt = Infinity;
    const due = [...this.awaited].filter(([, at]) => at <= now + 1).map(([key]) => key);
    for (const key of due) this.awaited.delete(key);
    for (const [key, at] of this.awaited) this.expect(key, at, now);
    for (const key of due) for (const listener of this.listeners) listener(key);
  }
}
