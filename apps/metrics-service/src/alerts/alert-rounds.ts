import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Faults, SETTINGS } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { SharedLead, Store, ensureIndexes, ensureRetention, type Leading } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { EvaluateAlerts } from './commands/evaluate-alerts.js';
import { RecoverIncidents } from './commands/recover-incidents.js';
import { TellAlertmanager } from './commands/tell-alertmanager.js';
import { occurrencesOf } from './domain/occurrence.js';
import { sourceOf } from './domain/signal-kinds.js';
import { AlertConditionStore } from './mongo/alert-condition-store.js';
import { alertCollection, alertIndexes } from './mongo/alert-store.js';
import { OccurrenceStore, occurrenceIndexes } from './mongo/occurrence-store.js';
import { silenceIndexes } from './mongo/silence-store.js';
import { AlertEvents } from './nats/alert-events.js';

/** Looks at conditions again and again: on one replica, for all. */
@Injectable()
export class AlertRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly onFault: (error: unknown) => void;
  private leading: Leading | null = null;
  /** Whether there was a condition at the look before, or an alert: while there is none, a look is all that is done. */
  private wasBusy = true;
  /** Ends with the first reason to look again at once. */
  private asked = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly sharedLead: SharedLead,
    private readonly conditions: AlertConditionStore,
    private readonly occurrences: OccurrenceStore,
    private readonly events: AlertEvents,
    private readonly evaluate: EvaluateAlerts,
    private readonly alertmanager: TellAlertmanager,
    private readonly recover: RecoverIncidents,
    private readonly metrics: Metrics,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
    faults: Faults,
  ) {
    this.onFault = faults.of('alerts');
  }

  async onApplicationBootstrap(): Promise<void> {
    // Before anything is written: the index of what is open is what keeps two replicas from opening the same twice.
    await ensureIndexes(this.store, [...alertIndexes, ...silenceIndexes, ...occurrenceIndexes]);
    await ensureRetention(this.store, {
      collection: alertCollection,
      field: 'resolved_at',
      days: this.settings.ALERT_HISTORY_DAYS,
    });
    this.leading = this.sharedLead.join((signal) => this.lead(signal), this.onFault);
  }

  async onModuleDestroy(): Promise<void> {
    await this.leading?.stop();
  }

  /** Somebody has changed something, by this replica. */
  look(): void {
    this.asked.abort();
  }

  private async lead(signal: AbortSignal): Promise<void> {
    this.wasBusy = true;
    while (!signal.aborted) {
      this.asked = new AbortController();
      await this.round(signal).catch((error: unknown) => {
        this.metrics.count('kintsugi_alert_looks_total', { outcome: 'failed' });
        this.onFault(error);
      });
      const until = AbortSignal.any([signal, this.asked.signal]);
      await delay(this.settings.ALERT_EVERY_MS, undefined, { signal: until }).catch(() => undefined);
    }
    await this.events.stop();
    await this.alertmanager.settled();
  }

  private async round(signal: AbortSignal): Promise<void> {
    const conditions = await this.conditions.all();
    const counts = conditions.some(({ enabled, signal: name }) => enabled && sourceOf[name] === 'occurrences');
    await this.events.listen(counts, (event) => this.occurrences.add(occurrencesOf(event)));
    this.recover.begin(this.onFault);
    if (conditions.length === 0 && !this.wasBusy) return;
    const { told, firing } = await this.evaluate.execute(conditions, new Date(), () => signal.aborted);
    this.wasBusy = conditions.length > 0 || firing > 0;
    this.metrics.count('kintsugi_alert_looks_total', { outcome: 'done' });
    this.metrics.set('kintsugi_alerts_firing', firing);
    this.alertmanager.begin(told, this.onFault);
  }
}
