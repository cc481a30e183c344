import { metricCatalogue, type MetricDefinition } from '@kintsugi/observability';
import { code, codes, table, type Page } from '../markdown.js';

export function metricsPage(): Page {
  const metrics: [string, MetricDefinition][] = Object.entries(metricCatalogue);
  return {
    title: 'Metrics',
    intro: 'Every metric that the processes keep, in the Prometheus format; an id is never a label.',
    body: [
      'Each series also has the label `service`. A label with more than a hundred values counts the rest as `_other`. The processes give the usual metrics of Node as well (`process_…`, `nodejs_…`).',
      table(
        ['Metric', 'Kind', 'Labels', 'Kept by', 'Meaning'],
        metrics.map(([name, { kind, labels, emittedBy, help }]) => [code(name), kind, codes(labels), emittedBy.join(', '), help]),
      ),
      '## Buckets',
      table(
        ['Histogram', 'Upper bounds in seconds'],
        metrics.flatMap(([name, { buckets }]) => (buckets ? [[code(name), buckets.join(', ')]] : [])),
      ),
    ],
  };
}
