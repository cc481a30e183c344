import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import type { JobMetricsAnswer } from '@kintsugi/contracts';
import { widthOf } from '../terminal/text-width.js';
import { chartOf, metricLines } from './metric-lines.js';

const answer: JobMetricsAnswer = {
  ...{ start_time: '2026-11-27T12:00:00.000Z', end_time: '2026-11-27T12:01:00.000Z', interval: '10s', interval_ms: 10_000 },
  ...{ is_widened: true, resolution: 'sample' },
  jobs: [
    {
      ...{ job_id: 'job_01890a5d-ac96-774b-bcce-b302099a8057', status: 'running' },
      cpu: { unit: 'cores', basis: 'shared', values: [null, 0.5, 1, 2, null, 0], mean: 0.875, max: 2 },
      memory: { unit: 'MiB', basis: 'none', values: [null, null, null, null, null, null], mean: null, max: null },
      duration: { unit: 'ms', basis: 'measured', values: [null, 1, 2_500, 3, 4, 5], mean: 2_500, max: 2_500 },
    },
  ],
};

test('each metric of a job is a line with its mean, its most and a chart, in 80 columns', () => {
  const lines = metricLines(answer, { paint: pc.createColors(false), columns: 80 });
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
  const text = lines.join('\n');
  expect(text).toMatch(/12:00:00Z to \S+12:01:00Z {2}by 10s \(no finer\)/);
  expect(text).toMatch(/cpu +0\.88 cores +2\.00 cores +·▂▄█·▁/);
  expect(text).toMatch(/memory +- +- +······/);
  expect(text).toMatch(/duration +2\.5 s +2\.5 s/);
  expect(text).toMatch(/a share of workers[^]*nothing was sampled/);
});

test('a long time is drawn in few columns, and its peaks stay', () => {
  const chart = chartOf(Array.from({ length: 1_000 }, (_, index) => (index === 500 ? 8 : 1)));
  expect(chart).toHaveLength(30);
  expect([...chart].filter((bar) => bar === '█')).toHaveLength(1);
});
