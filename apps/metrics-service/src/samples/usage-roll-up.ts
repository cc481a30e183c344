import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Faults } from '@kintsugi/hosting';
import { SharedLead, type Leading } from '@kintsugi/persistence';
import { RollUpUsage } from './commands/roll-up-usage.js';

const everyMs = 30_000;

/** Has one replica make minutes and hours of what was sampled, for all. */
@Injectable()
export class UsageRollUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly onFault: (error: unknown) => void;
  private leading: Leading | null = null;

  constructor(
    private readonly sharedLead: SharedLead,
    private readonly rollUp: RollUpUsage,
    faults: Faults,
  ) {
    this.onFault = faults.of('usage roll-up');
  }

  onApplicationBootstrap(): void {
    this.leading = this.sharedLead.join((signal) => this.lead(signal), this.onFault);
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
