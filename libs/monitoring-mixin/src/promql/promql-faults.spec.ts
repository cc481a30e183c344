import { describe, expect, test } from '@jest/globals';
import { Metrics, metricCatalogue, type MetricDefinition } from '@kintsugi/observability';
import { allAlerts } from '../alerts/all-alerts.js';
import { allDashboards } from '../dashboards/all-dashboards.js';
import { burnRecordings } from '../slo/burn-rates.js';
import { promqlFaults, type KnownSeries } from './promql-faults.js';

/** What http_sd gives every series. */
const ofTargets = ['service', 'instance', 'job'];

const known = knownSeries();

function knownSeries(): KnownSeries {
  const series = new Map<string, ReadonlySet<string>>();
  const add = (name: string, labels: readonly string[]): void => void series.set(name, new Set([...labels, ...ofTargets]));
  for (const [name, { kind, labels }] of Object.entries(metricCatalogue as Record<string, MetricDefinition>)) {
    if (kind !== 'histogram') add(name, labels);
    else {
      for (const [suffix, more] of [
        ['bucket', ['le']],
        ['sum', []],
        ['count', []],
      ] as const) {
        add(`${name}_${suffix}`, [...labels, ...more]);
      }
    }
  }
  for (const { name } of new Metrics('gateway').registry.getMetricsAsArray()) {
    if (/^(process|nodejs)_/.test(name)) for (const part of [name, `${name}_sum`, `${name}_count`]) add(part, []);
  }
  for (const { record, labels } of burnRecordings) add(record, Object.keys(labels));
  add('up', []);
  add('ALERTS', ['alertname', 'alertstate', 'product', 'severity']);
  return series;
}

/** As Grafana fills in what the viewer has chosen. */
const filledIn = (expr: string): string => expr.replaceAll('$__rate_interval', '1m').replaceAll('$type', 'send|plan');

const panels = allDashboards.flatMap(({ name, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => ({ dashboard: name, ...panel }))),
);

describe('every query can be read, and asks for series and labels that there are', () => {
  test.each(allAlerts.map(({ name, expr }) => [name, expr]))('alert %s', (_, expr) => {
    expect(promqlFaults(expr, known)).toEqual([]);
  });

  test.each(burnRecordings.map(({ record, labels, expr }) => [`${record} of ${labels['slo']}`, expr]))('%s', (_, expr) => {
    expect(promqlFaults(expr, known)).toEqual([]);
  });

  test.each(panels.flatMap(({ dashboard, title, queries }) => queries.map(({ expr }) => [`${dashboard}: ${title}`, expr])))(
    '%s',
    (_, expr) => {
      expect(promqlFaults(filledIn(expr), known)).toEqual([]);
    },
  );
});

test.each([
  ['sum(rate(kintsugi_jobs_finished_total{state="failed"}[5m]))', 'kintsugi_jobs_finished_total has no label state'],
  ['sum by (queue) (kintsugi_queue_tasks)', 'no series has the label queue'],
  ['kintsugi_jobs_lost_total > 0', 'kintsugi_jobs_lost_total is exposed by nobody'],
  ['sum(kintsugi_jobs_finished_total)', 'kintsugi_jobs_finished_total counts up, and is asked for without rate'],
  ['rate(kintsugi_workers[5m])', 'kintsugi_workers goes up and down, and has no rate'],
  ['sum(kintsugi_workers', 'cannot be read'],
])('%s is refused', (expr, fault) => {
  expect(promqlFaults(expr, known).join()).toContain(fault);
});
