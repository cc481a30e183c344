import { describe, expect, test } from '@jest/globals';
import { planOf } from '../bench-plan.js';
import type { BenchResults } from '../bench-results.js';
import { figureCatalogue } from '../domain/figure-catalogue.js';
import { FigureBook } from '../domain/figure-book.js';
import { jsonReport } from './json-report.js';
import { performancePage } from './performance-page.js';
import { textReport } from './text-report.js';

function resultsOf(more: Partial<BenchResults> = {}): BenchResults {
  const book = new FigureBook();
  for (const rate of [60_000, 80_000, 70_000]) {
    book.add('kintsugi', { bulk_per_s: rate, pickup_p50_ms: 1.5, bulk_cpu_us: 30, single_per_s: 15_000 });
    book.add('bullmq', { bulk_per_s: rate / 5, pickup_p50_ms: 0.75, bulk_cpu_us: 120, single_per_s: 10_000 });
  }
  return {
    plan: planOf({ runs: 3 }),
    startedAt: '2030-01-31T10:00:00.000Z',
    durationS: 300,
    conditions: { cpu: 'A processor', cores: 2, memoryMb: 16_384, os: 'Linux 6', node: '24.0.0', loadAverage: 0.1 },
    systems: [
      { name: 'kintsugi', versions: 'Kintsugi 1', settings: 'as it comes' },
      { name: 'bullmq', versions: 'BullMQ 6', settings: 'tuned' },
      { name: 'graphile-worker', versions: 'graphile-worker 0', settings: 'tuned' },
    ],
    leftOut: [{ system: 'graphile-worker', reason: 'postgres is not here' }],
    failedRuns: [],
    repeatedRuns: {},
    exactRuns: 6,
    figures: book.figures(),
    byProcess: { kintsugi: { bulk_cpu_us: { gateway: 4, worker: 5.25 } } },
    ...more,
  };
}

describe('the table', () => {
  test('fits 80 columns and shows medians with their ranges', () => {
    const lines = textReport(resultsOf());
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const at = lines.findIndex((line) => line.startsWith('Bulk: submit and process'));
    expect(lines[at]).toMatch(/70,000 +14,000 +-$/);
    expect(lines[at + 1]).toMatch(/^ +60,000-80,000 +12,000-16,000$/);
    expect(lines.join('\n')).toContain('graphile-worker was left out: postgres is not here');
  });

  test('shows peers that do not fit beside ours in a table of their own, with what they are measured in', () => {
    const book = new FigureBook();
    const peers = ['bullmq', 'bullmq-always', 'graphile-worker'] as const;
    book.add('kintsugi', { bulk_per_s: 60_000, million_per_s: 50_000 });
    for (const peer of peers) book.add(peer, { bulk_per_s: 10_000 });
    const systems = (['kintsugi', ...peers] as const).map((name) => ({ name, versions: '1', settings: 'as it comes' }));
    const lines = textReport(resultsOf({ systems, figures: book.figures() }));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const heads = lines.filter((line) => line.includes('kintsugi')).map((line) => line.trim().split(/\s+/));
    expect(heads).toEqual([
      ['kintsugi', 'bullmq', 'bullmq-always'],
      ['kintsugi', 'graphile-worker'],
    ]);
    expect(lines.filter((line) => line.startsWith('Bulk: submit and process'))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('A million in one job'))).toHaveLength(1);
  });

  test('has room for the title of every figure', () => {
    for (const { title, unit } of Object.values(figureCatalogue)) expect(`${title}, ${unit}`.length).toBeLessThanOrEqual(34);
  });

  test('shouts about a run that was not exact', () => {
    const failedRuns: BenchResults['failedRuns'] = [
      { system: 'bullmq', measurement: 'bulk', run: 2, reason: '9 of 10 tasks ran '.repeat(10) },
    ];
    const lines = textReport(resultsOf({ failedRuns }));
    expect(lines.join('\n')).toContain('NOT EXACT: bullmq, bulk, run 2: 9 of 10 tasks ran');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('the JSON', () => {
  test('holds every figure by name, the ratios and the bars', () => {
    const report = jsonReport(resultsOf());
    expect(report).toMatchObject({
      exact: true,
      figures: { bulk_per_s: { unit: 'tasks/s', kintsugi: { median: 70_000, min: 60_000, max: 80_000 } } },
      ratios: {
        bulk_vs_bullmq: 5,
        bulk_vs_graphile: null,
        single_vs_bullmq: 1.5,
        recovery_vs_bullmq: null,
        cpu_vs_bullmq: 0.25,
      },
      pickup_p50_ms: 1.5,
      rss_growth_100k_to_1m: null,
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('the page', () => {
  const page = performancePage(resultsOf());

  test('says where we lose, from the figures', () => {
    expect(page).toContain('- Pickup when idle, p50: bullmq is 2.00 times better (0.75 to our 1.50 ms).');
  });

  test('names conditions, durability and who was left out', () => {
    expect(page).toContain('2 cores (A processor), 16 GB of memory');
    expect(page).toContain('| Durability of an accepted task | power cut | crash of a process | power cut |');
    expect(page).toContain('- graphile-worker was left out: postgres is not here.');
    expect(page).toContain('Every run was exact');
  });

  test('warns when the machine was busy before the start', () => {
    const busy = resultsOf();
    busy.conditions.loadAverage = 2;
    expect(performancePage(busy)).toContain('other work ran on the machine');
    expect(page).not.toContain('other work ran');
  });
});
