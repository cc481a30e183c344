import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Faults, SETTINGS } from '@kintsugi/hosting';
import { Bus, eventStreamExtent, isNotMadeYet } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { SharedLead, type Leading } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { CompareHistory } from './commands/compare-history.js';
import { comparedAgain, extendPlan, noPlan, shortenPlan } from './domain/comparison-plan.js';
import { HistoryBacklog } from './nats/history-backlog.js';
import { isAway } from './nats/is-away.js';

const dayMs = 86_400_000;
const lookEveryMs = 5_000;
/** A page is followed by a pause of so many times as long as it took. */
const patience = 4;

/**
 * Keeps the history to what the record says: new jobs now and then, all of them at the start and once a day, and all at once
 * when the broker was started anew or its stream is another one, because it may have lost its files or gone back to an
 * older copy of them. One replica does it for all, slowly, the newest jobs first.
 */
@Injectable()
export class HistoryComparison implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly onFault: (error: unknown) => void;
  private plan = noPlan;
  /** The stream of events as it was seen last. */
  private seen = { name: '', lastSequence: 0 };
  private leading: Leading | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly sharedLead: SharedLead,
    private readonly compare: CompareHistory,
    private readonly backlog: HistoryBacklog,
    private readonly metrics: Metrics,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
    faults: Faults,
  ) {
    this.onFault = faults.of('history comparison');
  }

  onApplicationBootstrap(): void {
    this.leading = this.sharedLead.join((signal) => this.lead(signal), this.onFault);
  }

  async onModuleDestroy(): Promise<void> {
    await this.leading?.stop();
  }

  private async lead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.look(signal).catch((error: unknown) => this.noteFault(error))) continue;
      await delay(Math.min(lookEveryMs, this.settings.HISTORY_COMPARE_EVERY_MS), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Compares for a while. True where something is left to be compared. */
  private async look(signal: AbortSignal): Promise<boolean> {
    if (this.bus.state === 'down') return false;
    await this.extend();
    this.plan = comparedAgain(this.plan, Date.now());
    await this.compareSome(signal);
    return this.plan.todo.length > 0;
  }

  /** While job-service is away, or the streams are still to be made, the history waits to be compared. */
  private noteFault(error: unknown): false {
    if (!isAway(error) && !isNotMadeYet(error)) this.onFault(error);
    return false;
  }

  private async extend(): Promise<void> {
    const { HISTORY_COMPARE_EVERY_MS, HISTORY_COMPARE_AFTER_MS, HISTORY_RETENTION_DAYS } = this.settings;
    const { createdAt, lastSequence } = await eventStreamExtent(this.bus);
    const name = `${this.bus.serverId} ${createdAt}`;
    const lost = name !== this.seen.name || lastSequence < this.seen.lastSequence;
    const now = Date.now();
    // A history that is behind is not wrong.
    if ((!lost && now - this.plan.plannedAt < HISTORY_COMPARE_EVERY_MS) || (await this.backlog.isBehind())) return;
    const times = {
      ...{ now, fullEveryMs: dayMs, settleMs: HISTORY_COMPARE_AFTER_MS },
      retentionMs: HISTORY_RETENTION_DAYS * dayMs,
    };
    this.plan = extendPlan(this.plan, times, lost);
    this.seen = { name, lastSequence };
  }

  private async compareSome(signal: AbortSignal): Promise<void> {
    const endAt = performance.now() + lookEveryMs;
    for (let [range] = this.plan.todo; range && !signal.aborted && performance.now() < endAt; [range] = this.plan.todo) {
      const startedAt = performance.now();
      const { from, corrected } = await this.compare.execute(range);
      if (corrected > 0) this.metrics.count('kintsugi_history_corrections_total', {}, corrected);
      this.plan = shortenPlan(this.plan, from, corrected > 0, Date.now());
      await delay((performance.now() - startedAt) * patience, undefined, { signal }).catch(() => undefined);
    }
  }
}
