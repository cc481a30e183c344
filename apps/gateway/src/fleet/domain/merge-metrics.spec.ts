import { describe, expect, test } from '@jest/globals';
import { mergeMetrics } from './merge-metrics.js';
import type { MetricFamily } from './metric-family.js';

const counter = (value: number | null, labels: Record<string, string> = {}) => ({
  name: 'jobs_total',
  help: 'Jobs.',
  type: 'counter',
  values: [{ labels, value }],
});

describe('metrics of many processes', () => {
  test('name each family once and each sample with where it comes from', () => {
    const text = mergeMetrics([
      { service: 'job-service', instance: 'a', families: [counter(1, { type: 'x' })] },
      { service: 'job-service', instance: 'b', families: [counter(2, { type: 'x' })] },
    ]);
    expect(text).toBe(
      '# HELP jobs_total Jobs.\n# TYPE jobs_total counter\n' +
        'jobs_total{type="x",service="job-service",instance="a"} 1\n' +
        'jobs_total{type="x",service="job-service",instance="b"} 2\n',
    );
  });

  test('a process says where its samples come from only through its answer', () => {
    expect(mergeMetrics([{ service: 's', instance: 'i', families: [counter(1, { service: 'forged' })] }])).toContain(
      '{service="s",instance="i"} 1',
    );
  });

  test('the samples of a histogram keep their own names', () => {
    const values: MetricFamily['values'] = [
      { metricName: 'wait_seconds_bucket', labels: { le: '+Inf' }, value: 3 },
      { metricName: 'wait_seconds_sum', labels: {}, value: 0.5 },
    ];
    const text = mergeMetrics([
      { service: 's', instance: 'i', families: [{ name: 'wait_seconds', help: 'W', type: 'histogram', values }] },
    ]);
    expect(text).toContain(
      'wait_seconds_bucket{le="+Inf",service="s",instance="i"} 3\nwait_seconds_sum{service="s",instance="i"} 0.5\n',
    );
  });

  test('what has a meaning in the format is escaped', () => {
    const family = { ...counter(1, { message: 'a "b"\\\n' }), help: 'one\ntwo \\' };
    const text = mergeMetrics([{ service: 's', instance: 'i', families: [family] }]);
    expect(text).toContain('# HELP jobs_total one\\ntwo \\\\\n');
    expect(text).toContain('message="a \\"b\\"\\\\\\n"');
  });

  test('a family of another type is left out, and so is a value that is no number', () => {
    const text = mergeMetrics([
      { service: 's', instance: '1', families: [counter(null)] },
      { service: 's', instance: '2', families: [{ ...counter(5), type: 'gauge' }] },
    ]);
    expect(text).toBe('# HELP jobs_total Jobs.\n# TYPE jobs_total counter\n');
  });

  test('of no process are empty', () => {
    expect(mergeMetrics([])).toBe('');
  });
});
