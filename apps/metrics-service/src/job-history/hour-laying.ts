import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Faults, SETTINGS } from '@kintsugi/hosting';
import { SharedLead, type Leading } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { LayDownHours } from './commands/lay-down-hours.js';

const everyMs = 300_000;
const dayMs = 86_400_000;

/** Has one replica lay down the hours of the history, for all. */
@Injectable()
export class HourLaying implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly onFault: (error: unknown) => void;
  private leading: Leading | null = null;

  constructor(
    private readonly sharedLead: SharedLead,
    private readonly layDown: LayDownHours,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
    faults: Faults,
  ) {
    this.onFault = faults.of('history hours');
  }

  onApplicationBootstrap(): void {
    this.leading = this.sharedLead.join((signal) => this.lead(signal), this.onFault);
  }

  async onModuleDestroy(): Promise<void> {
    await this.leading?.stop();
  }

  private async lead(signal: AbortSignal): Promise<void> {
    const retentionMs = this.settings.HISTORY_RETENTION_DAYS * dayMs;
    while (!signal.aborted) {
      await this.layDown.execute(Date.now(), retentionMs, signal).catch(this.onFault);
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
