import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Faults, LOGGER, SETTINGS } from '@kintsugi/hosting';
import { Metrics, type Logger } from '@kintsugi/observability';
import { SharedLead, type Leading } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { SweepLogs, type Swept } from './commands/sweep-logs.js';

const dayMs = 86_400_000;
const mebibyte = 1024 ** 2;

/** Sweeps logs at the start and then on a schedule, on one replica for all, and says what it has removed. */
@Injectable()
export class LogSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly onFault: (error: unknown) => void;
  private leading: Leading | null = null;

  constructor(
    private readonly sharedLead: SharedLead,
    private readonly sweep: SweepLogs,
    private readonly metrics: Metrics,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    faults: Faults,
  ) {
    this.onFault = faults.of('sweep of logs');
  }

  onApplicationBootstrap(): void {
    this.leading = this.sharedLead.join((signal) => this.lead(signal), this.onFault);
  }

  async onModuleDestroy(): Promise<void> {
    await this.leading?.stop();
  }

  private async lead(signal: AbortSignal): Promise<void> {
    const { LOG_RETENTION_DAYS: days, LOG_TOTAL_SIZE_MB: mebibytes, LOG_SWEEP_EVERY_MS: everyMs } = this.settings;
    while (!signal.aborted) {
      const bounds = { before: new Date(Date.now() - days * dayMs), storedBytesMax: mebibytes * mebibyte };
      await this.sweep.execute(bounds, signal).then((swept) => this.tell(swept), this.onFault);
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private tell({ expired, crowdedOut, storedBytes, left }: Swept): void {
    this.metrics.set('kintsugi_logs_kept', left.logs);
    this.metrics.set('kintsugi_log_stored_bytes', left.storedBytes);
    this.metrics.count('kintsugi_logs_removed_total', { reason: 'expired' }, expired);
    this.metrics.count('kintsugi_logs_removed_total', { reason: 'crowded_out' }, crowdedOut);
    if (expired + crowdedOut === 0) return;
    this.logger.info({ expired, crowded_out: crowdedOut, freed_bytes: storedBytes, kept: left.logs }, 'Removed logs of jobs');
  }
}
