import { describe, expect, test } from '@jest/globals';
import { ChunkStats } from '../../tasks/domain/chunk-stats.js';
import type { JobRecord } from './job.js';
import { LedgerEntry } from './ledger-entry.js';

const nothing = { counts: {}, first_try: 0, recovered: 0, retries: 0 };

function entryOf(): LedgerEntry {
  const stats = { task_ms: {}, outcome_ms: {}, error_types: { 'smtp.451': 2 } };
  const job: Partial<JobRecord> = { _id: 'job', status: 'running', opened: true, total_tasks: 1, ...stats };
  return new LedgerEntry(job as JobRecord, nothing, null);
}

function fail(entry: LedgerEntry, types: readonly string[]): Record<string, number> | undefined {
  const stats = new ChunkStats();
  for (const type of types) stats.failed(type, 1);
  entry.add(false, nothing, nothing, stats);
  return entry.snapshot().error_types;
}

test('a job whose tasks fail with an error type each counts two hundred of them, and the rest together', () => {
  const types = fail(
    entryOf(),
    Array.from({ length: 10_000 }, (_, order) => `order.${order}`),
  );
  expect(Object.keys(types ?? {})).toHaveLength(201);
  expect(types).toMatchObject({ 'smtp.451': 2, 'order.0': 1, other: 10_000 - 199 });
});

test('an error type may have the name of what every object has', () => {
  expect(fail(entryOf(), ['constructor', 'toString', '__proto__', 'constructor'])).toEqual(
    Object.fromEntries([
      ['smtp.451', 2],
      ['constructor', 2],
      ['toString', 1],
      ['__proto__', 1],
    ]),
  );
});

describe('holding a job against the record', () => {
  const record = { counts: { succeeded: 1 }, first_try: 1, recovered: 0, retries: 0 };

  test('is due once it has been at rest for a round, and once only', () => {
    const entry = entryOf();
    expect([entry.isDueForRecount(), entry.isDueForRecount()]).toEqual([false, true]);
    expect(entry.recount(record)).toBe(true);
    expect(entry.counts).toEqual({ succeeded: 1 });
    expect(entry.isDueForRecount()).toBe(false);
    fail(entry, ['smtp.451']);
    expect([entry.isDueForRecount(), entry.isDueForRecount()]).toEqual([false, true]);
    expect(entry.recount(record)).toBe(false);
  });

  test('changes nothing where the job has gone on since the record was asked', () => {
    const entry = entryOf();
    entry.isDueForRecount();
    entry.isDueForRecount();
    entry.add(false, nothing, { ...nothing, counts: { running: 1 } }, new ChunkStats());
    expect(entry.recount(record)).toBe(false);
    expect(entry.counts).toEqual({ running: 1 });
  });
});
