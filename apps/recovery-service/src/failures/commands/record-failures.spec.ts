import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ProblemError, errorRecordIdOf, type FailedTask, type LostTask } from '@kintsugi/contracts';
import type { OutgoingCommand } from '@kintsugi/messaging';
import { failureSample, taskSample } from '../../records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { recoveryInMemory, recoveryStores, type RecoveryInMemory } from '../../resends/simulation/recovery-in-memory.js';

const at = Date.parse('2026-11-23T06:00:00.000Z');

let stores: ReturnType<typeof recoveryStores>;
let recovery: RecoveryInMemory;
let sent: OutgoingCommand[];
let brokerIsAway: boolean;

beforeEach(() => {
  stores = recoveryStores();
  sent = [];
  brokerIsAway = false;
  const publish = async (command: OutgoingCommand): Promise<void> => {
    if (brokerIsAway) throw new ProblemError('SERVICE_UNAVAILABLE', 'The broker is away.');
    sent.push(command);
  };
  recovery = recoveryInMemory({ stores, queue: { publish }, statuses: { of: async () => null }, clock: { now: () => at } });
});

const failureOf = (index: number, given: Partial<FailedTask> = {}): FailedTask =>
  failureSample({ task_id: taskSample(index), ...given });

function recordOf(index: number): StoredErrorRecord {
  const record = stores.stored.get(errorRecordIdOf(taskSample(index)));
  if (!record) throw new Error(`There is no record of task ${index}.`);
  return structuredClone(record);
}

/** The numbers of the tasks that the commands so far name, by command. */
function ordered(): Record<string, number[]> {
  const entries = sent.map(({ name, data }) => [name, data as { tasks: { task_id: string }[] }] as const);
  const numbersOf = ({ tasks }: { tasks: { task_id: string }[] }): number[] =>
    tasks.map(({ task_id }) => Number(task_id.split('.').at(-1)));
  return Object.fromEntries(entries.map(([name, data]) => [name, numbersOf(data)]));
}

/** Somebody else changes a record each time before one is written, so many times. */
function interfere(times: number, change: (record: StoredErrorRecord) => Partial<StoredErrorRecord>, index = 1): void {
  const write = stores.records.write.bind(stores.records);
  let left = times;
  jest.spyOn(stores.records, 'write').mockImplementation((changes) => {
    const record = recordOf(index);
    if (left > 0) stores.stored.set(record._id, { ...record, ...change(record), version: record.version + 1 });
    left -= 1;
    return write(changes);
  });
}

describe('a group of failures', () => {
  test('gets its records and decisions in one write, and its commands in one message of a kind', async () => {
    const write = jest.spyOn(stores.records, 'write');
    await recovery.recordFailures.execute([
      failureOf(1),
      failureOf(2, { error_type: 'smtp.550' }),
      failureOf(3, { safety: 'unsafe' }),
      failureOf(4, { attempt: 4 }),
      failureOf(5, { attempt: 2 }),
    ]);
    expect(write).toHaveBeenCalledTimes(1);
    expect(ordered()).toEqual({ deferTasks: [1, 5], discardTasks: [2, 3, 4] });
    expect([recordOf(1), recordOf(5)].map(({ next_retry_at }) => Date.parse(next_retry_at ?? '') - at)).toEqual([5_000, 10_000]);
    expect([2, 3, 4].map((index) => recordOf(index).phase)).toEqual(['discarded', 'discarded', 'discarded']);
    expect(recovery.counted.toSorted()).toEqual([
      ...['kintsugi_discards_total smtp.451 attempts', 'kintsugi_discards_total smtp.451 safety'],
      'kintsugi_discards_total smtp.550 terminal_class',
      ...Array.from({ length: 4 }, () => 'kintsugi_failures_total smtp.451'),
      'kintsugi_failures_total smtp.550',
      ...['kintsugi_retries_total smtp.451', 'kintsugi_retries_total smtp.451'],
    ]);
  });

  test('that has no wait is ordered again with its decision: one write and one message', async () => {
    const write = jest.spyOn(stores.records, 'write');
    await recovery.recordFailures.execute([1, 2].map((index) => failureOf(index, { retry_after_ms: 0 })));
    await recovery.startDueRetries.execute();
    expect([write.mock.calls.length, sent.length]).toEqual([1, 1]);
    expect(ordered()).toEqual({ retryTasks: [1, 2] });
    expect(recordOf(1)).toMatchObject({ phase: 'retrying', retry_count: 1, next_retry_at: null, version: 1 });
  });

  test('is one problem where the messages differ in their values only', async () => {
    await recovery.recordFailures.execute([
      failureOf(1, { error_message: '550 <ann@example.com>: no such user' }),
      failureOf(2, { error_message: '550 <bob@example.com>: no such user' }),
      failureOf(3, { error_message: '550 mailbox full' }),
      failureOf(4, { error_message: '550 <ann@example.com>: no such user', error_type: 'smtp.551' }),
    ]);
    expect(recordOf(1).group_id).toBe(recordOf(2).group_id);
    expect(new Set([1, 3, 4].map((index) => recordOf(index).group_id)).size).toBe(3);
  });

  test('is judged by the policies of this moment, and by what its job asks for', async () => {
    const set = { max_attempts: 9, initial_delay: 60, max_delay: 60, backoff_factor: 1, retry_conditions: [] };
    await recovery.recordFailures.execute([failureOf(1)]);
    await stores.configs.change('smtp.*', { ...set, error_type: 'smtp.*' }, { changed_by: 'ada', changed_at: 'then' });
    const retry_config = { max_attempts: 5, retry_interval: 7, retry_on_errors: ['smtp.4*'] };
    await recovery.recordFailures.execute([
      failureOf(2),
      failureOf(3, { retry_config }),
      failureOf(4, { retry_config: { ...retry_config, retry_on_errors: ['net.*'] } }),
    ]);
    const waits = [1, 2, 3].map((index) => Date.parse(recordOf(index).next_retry_at ?? '') - at);
    expect(waits).toEqual([5_000, 60_000, 7_000]);
    expect([1, 2, 3].map((index) => recordOf(index).decision[0])).toEqual([
      ...['policy: of the default', 'policy: of smtp.*', 'policy: of the job and smtp.*'],
    ]);
    expect(recordOf(4).decision.at(-1)).toBe('retry_on_errors: does not name smtp.451');
  });
});

describe('a failure that comes again', () => {
  test('changes nothing and is not counted, but its command goes out as it was', async () => {
    await recovery.recordFailures.execute([failureOf(1), failureOf(2, { error_type: 'smtp.550' })]);
    const [first, before, counted] = [sent.splice(0), [recordOf(1), recordOf(2)], recovery.counted.length];
    await recovery.recordFailures.execute([failureOf(1), failureOf(2, { error_type: 'smtp.550' })]);
    expect(sent).toEqual(first);
    expect([recordOf(1), recordOf(2)]).toEqual(before);
    expect(recovery.counted).toHaveLength(counted);
  });

  test('after its retry was ordered has that ordered again, and does not put it off', async () => {
    await recovery.recordFailures.execute([failureOf(1)]);
    const { _id, attempt, task_id, timestamp } = recordOf(1);
    const due = new Date(at + 5_000).toISOString();
    await stores.timers.markStarted([{ _id, task_id, timestamp, attempt, next_retry_at: due }], due, due);
    sent.splice(0);
    await recovery.recordFailures.execute([failureOf(1)]);
    expect(ordered()).toEqual({ retryTasks: [1] });
  });

  test('with an older run than the record has is left alone', async () => {
    await recovery.recordFailures.execute([failureOf(1, { attempt: 3 })]);
    const before = recordOf(1);
    sent.splice(0);
    await recovery.recordFailures.execute([failureOf(1, { attempt: 2 })]);
    expect([sent, recordOf(1)]).toEqual([[], before]);
  });

  test('brings the command that could not be sent: what was decided is on disk before', async () => {
    brokerIsAway = true;
    await expect(recovery.recordFailures.execute([failureOf(1)])).rejects.toThrow('away');
    expect(recordOf(1)).toMatchObject({ phase: 'deferred', next_retry_at: new Date(at + 5_000).toISOString() });
    brokerIsAway = false;
    await recovery.recordFailures.execute([failureOf(1)]);
    expect(ordered()).toEqual({ deferTasks: [1] });
  });
});

describe('a task whose end is unclear', () => {
  const loss: LostTask = { ...failureOf(1, { safety: 'unsafe', error_type: 'worker.lost' }), state: 'outcome_unknown' };

  test('waits for a person, and nobody is ordered anything', async () => {
    await recovery.recordFailures.execute([loss, { ...loss, task_id: taskSample(2), state: 'quarantined' }]);
    expect([recordOf(1).phase, recordOf(2).phase, sent]).toEqual(['outcome_unknown', 'quarantined', []]);
    expect(recordOf(1)).toMatchObject({ recovery_status: 'pending', next_retry_at: null, resend_at: null });
  });

  test('is given up once its worker reports the failure after all, and is never run again by itself', async () => {
    await recovery.recordFailures.execute([loss]);
    await recovery.recordFailures.execute([failureOf(1, { safety: 'unsafe' })]);
    expect(recordOf(1)).toMatchObject({ phase: 'discarded', error_type: 'smtp.451' });
    expect(ordered()).toEqual({ discardTasks: [1] });
    await recovery.recordFailures.execute([loss]);
    expect(recordOf(1).phase).toBe('discarded');
  });
});

describe('a failure of a cancelled job', () => {
  test('is not retried, whether it comes before or after the cancellation', async () => {
    await recovery.recordFailures.execute([failureOf(1)]);
    await recovery.cancelRecoveries.execute([failureOf(1).job_id]);
    await recovery.recordFailures.execute([failureOf(2)]);
    expect(recordOf(1)).toMatchObject({ phase: 'cancelled', next_retry_at: null, resend_at: null });
    expect(recordOf(2)).toMatchObject({ phase: 'discarded', decision: expect.arrayContaining(['job cancelled: yes']) });
    expect(ordered()).toEqual({ deferTasks: [1], discardTasks: [2] });
  });

  test('is known to be of one although the process ends in the middle of it', async () => {
    await recovery.recordFailures.execute([failureOf(1)]);
    jest.spyOn(stores.records, 'cancelJobs').mockRejectedValueOnce(new Error('breaks off here'));
    await expect(recovery.cancelRecoveries.execute([failureOf(1).job_id])).rejects.toThrow('breaks off here');
    await recovery.recordFailures.execute([failureOf(1, { attempt: 2 })]);
    expect(recordOf(1).phase).toBe('discarded');
  });
});

describe('a record that somebody else changes meanwhile', () => {
  test('is read again, decided about anew, and counted once', async () => {
    await recovery.recordFailures.execute([failureOf(1)]);
    const note = { timestamp: 'then', method: 'manual_recover', result: 'refused: so' };
    interfere(1, ({ recovery_attempts }) => ({ recovery_attempts: [...recovery_attempts, note], forgiven_failures: 1 }));
    await recovery.recordFailures.execute([failureOf(1, { attempt: 2 }), failureOf(2)]);
    const { attempt, version, recovery_attempts, next_retry_at } = recordOf(1);
    expect([attempt, version, Date.parse(next_retry_at ?? '') - at]).toEqual([2, 3, 5_000]);
    expect(recovery_attempts).toContainEqual(note);
    expect(recordOf(2).version).toBe(1);
    expect(recovery.counted.filter((name) => name.startsWith('kintsugi_failures_total'))).toHaveLength(3);
    expect(ordered()).toEqual({ deferTasks: [1, 2] });
  });

  test('to a newer run than is told of makes the failure late', async () => {
    await recovery.recordFailures.execute([failureOf(1)]);
    sent.splice(0);
    interfere(1, () => ({ attempt: 3 }));
    await recovery.recordFailures.execute([failureOf(1, { attempt: 2 })]);
    expect([recordOf(1).attempt, sent]).toEqual([3, []]);
  });

  test('again and again is left to a redelivery, and what was written for others stays', async () => {
    await recovery.recordFailures.execute([failureOf(1)]);
    interfere(99, () => ({}));
    await expect(recovery.recordFailures.execute([failureOf(1, { attempt: 2 }), failureOf(2)])).rejects.toThrow('keep changing');
    expect([recordOf(1).attempt, recordOf(2).phase]).toEqual([1, 'deferred']);
  });
});
