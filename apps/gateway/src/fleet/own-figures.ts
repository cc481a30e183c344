import type { Metrics } from '@kintsugi/observability';
import type { MetricFamily, ProcessFigures } from './domain/metric-family.js';

/** The figures of this very process, which are there even when NATS is not. */
export class OwnFigures {
  constructor(
    private readonly metrics: Metrics,
    private readonly instance: string,
  ) {}

  async read(): Promise<ProcessFigures> {
    const families = (await this.metrics.registry.getMetricsAsJSON()) as unknown as MetricFamily[];
    return { service: 'gateway', instance: this.instance, families };
  }
}
