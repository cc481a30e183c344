import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { subjects, usageSampleSchema } from '@kintsugi/contracts';
import { Bus, type Msg, type Subscription } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { RecordUsage } from '../commands/record-usage.js';

/** One replica takes in each sample. */
const queue = 'metrics-service-usage';

/** Hears what workers tell that they and their jobs use. What makes no sense is left out and counted. */
@Injectable()
export class UsageListener implements OnApplicationBootstrap, OnModuleDestroy {
  private subscription: Subscription | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly recordUsage: RecordUsage,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.bus.subscribe(subjects.samples, (message) => this.take(message), { queue });
  }

  async onModuleDestroy(): Promise<void> {
    this.subscription?.unsubscribe();
    await this.recordUsage.close();
  }

  private take(message: Msg): void {
    const sample = usageSampleSchema.safeParse(jsonOf(message));
    if (sample.success) this.recordUsage.take(sample.data, Date.now());
    else this.metrics.count('kintsugi_usage_records_lost_total', { reason: 'malformed' });
  }
}

function jsonOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return null;
  }
}
