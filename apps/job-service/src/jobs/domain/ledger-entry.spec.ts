import { expect, test } from '@jest/globals';
import { ChunkFacts } from '../../tasks/domain/chunk-facts.js';
import type { JobRecord } from './job.js';
import { LedgerEntry } from './ledger-entry.js';

const nothing = { counts: {}, first_try: 0, recovered: 0, retries: 0 };

function entryOf(): LedgerEntry {
  const figures = { task_ms: {}, outcome_ms: {}, error_types: { 'smtp.451': 2 } };
  const job: Partial<JobRecord> = { _id: 'job', status: 'running', opened: true, total_tasks: 1, ...figures };
  return new LedgerEntry(job as JobRecord, nothing, null);
}

function fail(entry: LedgerEntry, types: readonly string[]): Record<string, number> | undefined {
  const facts = new ChunkFacts();
  for (const type of types) facts.failed(type, 1);
  entry.add(false, nothing, nothing, facts);
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
