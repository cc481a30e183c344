import { setTimeout as delay } from 'node:timers/promises';
import { consumers, type ConsumerName } from '@kintsugi/contracts';
import { eventStreamExtent, type Bus } from '@kintsugi/messaging';
import { leadByTurns, type Store } from '@kintsugi/persistence';
import type { CompareHistory } from './commands/compare-history.js';
import { extendPlan, noPlan, shortenPlan } from './domain/comparison-plan.js';
import { isAway } from './nats/is-away.js';

const consumer: ConsumerName = 'metrics-service-jobs';
const dayMs = 86_400_000;
const lookEveryMs = 5_000;
/** With more events unread, the history is behind and not wrong. */
const unreadMax = 1_000;
/** A page is followed by a pause of so many times as long as it took. */
const patience = 4;
const stopTimeoutMs = 3_000;

export interface HistoryComparisonParts {
  bus: Bus;
  store: Store;
  compare: CompareHistory;
  holder: string;
  everyMs: number;
  settleMs: number;
  retentionDays: number;
  onCorrected: (jobs: number) => void;
  onFault: (error: unknown) => void;
}

/**
 * Keeps the history to what the record says: new jobs now and then, all of them at the start and once a day, and all at once
 * when the broker was started anew or its stream is another one, because it may have lost its files or gone back to an
 * older copy of them. One replica does it for all, slowly, the newest jobs first.
 */
export class HistoryComparison {
  private readonly stopping = new AbortController();
  private plan = noPlan;
  /** The stream of events as it was seen last. */
  private seen = { name: '', lastSequence: 0 };
  private running: Promise<void> | null = null;

  constructor(private readonly parts: HistoryComparisonParts) {}

  start(): void {
    this.running = this.run().catch(this.parts.onFault);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.running, delay(stopTimeoutMs, undefined, { ref: false })]);
  }

  private run(): Promise<void> {
    const { store, holder } = this.parts;
    return leadByTurns(store, { role: 'history-comparison', holder }, this.stopping.signal, (signal) => this.lead(signal));
  }

  private async lead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.look(signal).catch((error: unknown) => this.noteFault(error))) continue;
      await delay(Math.min(lookEveryMs, this.parts.everyMs), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Compares for a while. True where something is left to be compared. */
  private async look(signal: AbortSignal): Promise<boolean> {
    if (this.parts.bus.state === 'down') return false;
    await this.extend();
    await this.compareSome(signal);
    return this.plan.todo.length > 0;
  }

  /** While job-service is away, the history waits to be compared. */
  private noteFault(error: unknown): false {
    if (!isAway(error)) this.parts.onFault(error);
    return false;
  }

  private async extend(): Promise<void> {
    const { bus, everyMs, settleMs, retentionDays } = this.parts;
    const { createdAt, lastSequence } = await eventStreamExtent(bus);
    const name = `${bus.serverId} ${createdAt}`;
    const lost = name !== this.seen.name || lastSequence < this.seen.lastSequence;
    const now = Date.now();
    if ((!lost && now - this.plan.plannedAt < everyMs) || (await this.isBehind())) return;
    this.plan = extendPlan(this.plan, { now, retentionMs: retentionDays * dayMs, fullEveryMs: dayMs, settleMs }, lost);
    this.seen = { name, lastSequence };
  }

  private async isBehind(): Promise<boolean> {
    const { num_pending } = await (await this.parts.bus.manager()).consumers.info(consumers[consumer].stream, consumer);
    return num_pending > unreadMax;
  }

  private async compareSome(signal: AbortSignal): Promise<void> {
    const { compare, onCorrected } = this.parts;
    const endAt = performance.now() + lookEveryMs;
    for (let [range] = this.plan.todo; range && !signal.aborted && performance.now() < endAt; [range] = this.plan.todo) {
      const startedAt = performance.now();
      const { from, corrected } = await compare.execute(range);
      if (corrected > 0) onCorrected(corrected);
      this.plan = shortenPlan(this.plan, from);
      await delay((performance.now() - startedAt) * patience, undefined, { signal }).catch(() => undefined);
    }
  }
}
