import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Faults, SETTINGS } from '@kintsugi/hosting';
import { Store, startLeading, type Leading } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { RollUpUsage } from './commands/roll-up-usage.js';

const everyMs = 30_000;

/** Has one replica make minutes and hours of what was sampled, for all. */
@Injectable()
export class UsageRollUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly onFault: (error: unknown) => void;
  private leading: Leading | null = null;

  constructor(
    private readonly store: Store,
    private readonly rollUp: RollUpUsage,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
    faults: Faults,
  ) {
    this.onFault = faults.of('usage roll-up');
  }

  onApplicationBootstrap(): void {
    const options = { role: 'usage-roll-up', holder: this.settings.INSTANCE_ID };
    this.leading = startLeading(this.store, options, (signal) => this.lead(signal), this.onFault);
  }

  async onModuleDestroy(): Promise<void> {
    await this.leading?.stop();
  }

  private async lead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isMore = await this.rollUp.execute(Date.now()).catch((error: unknown) => {
        this.onFault(error);
        return false;
      });
      if (!isMore) await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
