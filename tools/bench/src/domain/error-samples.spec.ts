import { describe, expect, test } from '@jest/globals';
import { operations } from '@kintsugi/contracts';
import { errorRecordSample, failureGroupSample, groupOf, needle, timeOf } from './error-samples.js';

const sampling = { records: 10_000, groups: 500, now: Date.parse('2030-01-31T00:00:00.000Z') };
const numbers = Array.from({ length: sampling.records }, (_, n) => n);
const records = numbers.map((n) => errorRecordSample(n, sampling));

describe('error records of the benchmark', () => {
  test('are such as the contract has them', () => {
    for (const { _id: id, labels, ...record } of records.slice(0, 100)) {
      const shown = { id, tenant: 'default', verified_by: null, labels, ...record };
      expect(operations.getError.response.safeParse(shown).error).toBeUndefined();
    }
  });

  test('differ in their ids, rise in time over a month, and have every group', () => {
    expect(new Set(records.map(({ _id }) => _id)).size).toBe(sampling.records);
    expect(new Set(records.map(({ group_id }) => group_id)).size).toBe(sampling.groups);
    expect(numbers.every((n) => groupOf(n, sampling.groups) < sampling.groups)).toBe(true);
    expect(timeOf(sampling.records, sampling) - timeOf(0, sampling)).toBe(30 * 86_400_000);
  });

  test('have the text that is looked for once', () => {
    expect(records.filter(({ error_message: message }) => message.includes(needle))).toHaveLength(1);
  });

  test('end as their status says: only what has recovered is closed, only what was given up has no retry', () => {
    expect(new Set(records.map(({ recovery_status: status }) => status))).toEqual(
      new Set(['recovered', 'failed', 'in_progress']),
    );
    for (const record of records) {
      expect(record.closed_at !== undefined).toBe(record.recovery_status === 'recovered');
      expect(record.failed_runs.at(-1)?.retry_delay_ms === null).toBe(record.recovery_status === 'failed');
    }
  });

  test('have groups by the same ids', () => {
    expect(failureGroupSample(groupOf(7_000, sampling.groups), sampling)._id).toBe(records[7_000]?.group_id);
  });
});
