import { describe, expect, test } from '@jest/globals';
import { Histogram, Registry } from '@prometheus-io/client';
import { BulkHistogram } from './bulk-histogram.js';

describe('a bulk histogram', () => {
  test('tells what the client library would tell of the same values', async () => {
    const settings = { name: 'run_seconds', help: 'Run time.' };
    const values = [1, 5, 5.1, 40, 1000, 100_000];
    const ours = new Registry();
    new BulkHistogram(settings, [0.005, 0.05, 1], ours).observeMany({ type: 'a' }, values, 1e-3);
    const theirs = new Registry();
    const reference = new Histogram({ ...settings, labelNames: ['type'], buckets: [0.005, 0.05, 1], registers: [theirs] });
    for (const value of values) reference.observe({ type: 'a' }, value * 1e-3);
    const lines = (text: string) =>
      text
        .replace(/le="([^"]+)",type="a"|type="a",le="([^"]+)"/g, 'le=$1$2')
        .trim()
        .split('\n')
        .sort();
    expect(lines(await ours.metrics())).toEqual(lines(await theirs.metrics()));
  });
});
