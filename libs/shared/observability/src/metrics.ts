import { Counter, Gauge, Registry, collectDefaultMetrics } from '@prometheus-io/client';
import { BulkHistogram } from './bulk-histogram.js';
import { metricCatalogue, type MetricName } from './metric-catalogue.js';
import type { MetricDefinition } from './metric-definition.js';

/** Between two looks at how late the event loop is: half of what an alert asks for. The 10 ms of the library were most of what an idle process did. */
const loopLookMs = 250;
/** Between two looks at how busy it is. */
const utilizationLookMs = 5_000;

type Labels = Record<string, string>;
type Metric = Counter<string> | Gauge<string> | BulkHistogram;

/** Values of one label beyond this many are counted together as `_other`. */
const labelValuesMax = 100;
const overflowMetric: MetricName = 'kintsugi_label_overflow_total';

/** The metrics of one process: those that the catalogue assigns to it, in a registry of its own. */
export class Metrics {
  readonly registry = new Registry();
  private readonly metrics = new Map<string, Metric>();
  private readonly seen = new Map<string, Set<string>>();

  constructor(service: string) {
    collectDefaultMetrics({
      register: this.registry,
      eventLoopMonitoringPrecision: loopLookMs,
      eventLoopUtilizationTimeout: utilizationLookMs,
    });
    for (const [name, definition] of Object.entries(metricCatalogue) as [MetricName, MetricDefinition][]) {
      if (definition.emittedBy.includes(service)) this.metrics.set(name, this.create(name, definition));
    }
  }

  count(name: MetricName, labels: Labels = {}, by = 1): void {
    if (by > 0) this.find<Counter<string>>(name).inc(this.bounded(name, labels), by);
  }

  set(name: MetricName, value: number, labels: Labels = {}): void {
    this.find<Gauge<string>>(name).set(this.bounded(name, labels), value);
  }

  observe(name: MetricName, seconds: number, labels: Labels = {}): void {
    this.observeMany(name, [seconds], 1, labels);
  }

  /** @param scale what a value is multiplied with to be in seconds */
  observeMany(name: MetricName, values: readonly number[], scale: number, labels: Labels = {}): void {
    if (values.length > 0) this.find<BulkHistogram>(name).observeMany(this.bounded(name, labels), values, scale);
  }

  /** Forgets a gauge's series, so that what no longer exists is no longer shown. */
  clear(name: MetricName): void {
    this.find<Gauge<string>>(name).reset();
  }

  private find<Kind extends Metric>(name: MetricName): Kind {
    const metric = this.metrics.get(name);
    if (!metric) throw new Error(`The catalogue does not let this process emit ${name}.`);
    return metric as Kind;
  }

  private create(name: string, { kind, help, labels, buckets }: MetricDefinition): Metric {
    const settings = { name, help, labelNames: [...labels], registers: [this.registry] };
    if (kind === 'counter') return new Counter(settings);
    if (kind === 'gauge') return new Gauge(settings);
    return new BulkHistogram(settings, buckets ?? [], this.registry);
  }

  private bounded(name: string, labels: Labels): Labels {
    const bounded: Labels = {};
    for (const [label, value] of Object.entries(labels)) {
      const key = `${name} ${label}`;
      let values = this.seen.get(key);
      if (!values) this.seen.set(key, (values = new Set()));
      if (!values.has(value) && values.size >= labelValuesMax) {
        bounded[label] = '_other';
        (this.metrics.get(overflowMetric) as Counter<string> | undefined)?.inc();
      } else {
        values.add(value);
        bounded[label] = value;
      }
    }
    return bounded;
  }
}
