import type { Registry } from '@prometheus-io/client';

type Labels = Record<string, string>;

interface Series {
  labels: Labels;
  /** Observations by bucket, not cumulated; the last one is beyond all bounds. */
  counts: Float64Array;
  sum: number;
}

/**
 * A Prometheus histogram that takes many values at once. The client's own hashes the labels for every value, which a
 * chunk of tasks would pay hundreds of times.
 */
export class BulkHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  private readonly series = new Map<string, Series>();

  constructor(
    settings: { name: string; help: string },
    private readonly bounds: readonly number[],
    registry: Registry,
  ) {
    this.name = settings.name;
    this.help = settings.help;
    registry.registerMetric(this as never);
  }

  /** @param scale what a value is multiplied with to be in the metric's unit */
  observeMany(labels: Labels, values: readonly number[], scale: number): void {
    if (values.length === 0) return;
    const key = JSON.stringify(labels);
    let series = this.series.get(key);
    if (!series) this.series.set(key, (series = { labels, counts: new Float64Array(this.bounds.length + 1), sum: 0 }));
    const { counts } = series;
    for (const value of values) {
      const scaled = value * scale;
      let bucket = 0;
      while (bucket < this.bounds.length && scaled > (this.bounds[bucket] as number)) bucket += 1;
      counts[bucket] = (counts[bucket] as number) + 1;
      series.sum += scaled;
    }
  }

  /** The form in which the client's registry asks its metrics for their values. */
  get() {
    const values: { metricName: string; labels: Record<string, string | number>; value: number }[] = [];
    for (const { labels, counts, sum } of this.series.values()) {
      let seen = 0;
      this.bounds.forEach((bound, bucket) => {
        seen += counts[bucket] ?? 0;
        values.push({ metricName: `${this.name}_bucket`, labels: { ...labels, le: bound }, value: seen });
      });
      seen += counts[this.bounds.length] ?? 0;
      values.push({ metricName: `${this.name}_bucket`, labels: { ...labels, le: '+Inf' }, value: seen });
      values.push({ metricName: `${this.name}_sum`, labels, value: sum });
      values.push({ metricName: `${this.name}_count`, labels, value: seen });
    }
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values };
  }
}
