import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ProblemError, type ProblemCode } from '@kintsugi/contracts';
import { SlotLoan, type AskPools, type LoanTimes } from './slot-loan.js';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['performance'] }));
afterEach(() => void jest.useRealTimers());

const times: LoanTimes = { leaseS: 30, beatMs: 8_000, waitMs: 60_000, askMs: 1 };
const slot = { slot_id: 'slot_1', token: 7, path: '/pools/slots/app/slot_1', host: 'east' };

/** An agent that gives the answers that were thought of, each once and then the last of them again. */
function agent(answers: Partial<Record<'allocate' | 'heartbeatSlot' | 'release', unknown[]>>) {
  const asked: [string, unknown, ...string[]][] = [];
  const ask = (async (action: 'allocate' | 'heartbeatSlot' | 'release', data: unknown, host?: string) => {
    asked.push(host === undefined ? [action, data] : [action, data, host]);
    const list = answers[action] ?? [{}];
    const answer = list.length > 1 ? list.shift() : list[0];
    if (answer instanceof Error) throw answer;
    return answer;
  }) as AskPools;
  const said: string[] = [];
  const borrow = (signal = new AbortController().signal, some: Partial<LoanTimes> = {}) =>
    SlotLoan.of(
      { pool: 'app', ref: 'v1' },
      { taskId: 'task_1', jobId: 'job_1', signal, log: (line) => void said.push(line) },
      ask,
      { ...times, ...some },
    );
  return { asked, said, borrow };
}

const problem = (code: ProblemCode) => new ProblemError(code, 'so it is');
const released = { state: 'AVAILABLE', saved: null, metadata: { isolation_reason: null } };

describe('a loan of a slot', () => {
  test('is for one run: it ends in silence, is beaten for, and is given back', async () => {
    const { asked, said, borrow } = agent({ allocate: [slot], release: [released] });
    const loan = await borrow();
    expect(loan.path).toBe(slot.path);
    expect(asked).toEqual([
      ['allocate', { pool: 'app', ref: 'v1', owner: 'task_1', purpose: 'job_1', lease_s: 30, release_when_silent: true }],
    ]);
    await jest.advanceTimersByTimeAsync(16_000);
    expect(asked.slice(1)).toEqual(Array(2).fill(['heartbeatSlot', { slot_id: 'slot_1', token: 7 }, 'east']));
    await loan.giveBack(false);
    expect(asked[3]).toEqual(['release', { slot_id: 'slot_1', token: 7, depth: 'quick' }, 'east']);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(4);
    expect(said).toEqual([]);
  });

  test('of which what worked there was killed is looked at closely, and says what became of the slot', async () => {
    const { asked, said, borrow } = agent({
      allocate: [slot],
      release: [{ state: 'ERROR', saved: '/saved/x', metadata: { isolation_reason: 'no repair has helped' } }],
    });
    await (await borrow()).giveBack(true);
    expect(asked[1]).toMatchObject(['release', { depth: 'full' }, 'east']);
    expect(said.join('\n')).toMatch(/kept in \/saved\/x[^]*slot_1 is ERROR: no repair has helped/);
  });

  test('that can not be given back is left to its lease, and the task ends as it did', async () => {
    const { said, borrow } = agent({ allocate: [slot], release: [problem('STATE_CONFLICT')] });
    await (await borrow()).giveBack(false);
    expect(said).toEqual(['Slot slot_1 could not be given back, and is taken back later: so it is']);
  });

  test('waits for a slot while all are taken, and not for ever', async () => {
    const { asked, borrow } = agent({ allocate: [problem('POOL_EXHAUSTED'), problem('POOL_EXHAUSTED'), slot] });
    jest.useRealTimers();
    await (await borrow()).giveBack(false);
    expect(asked.filter(([action]) => action === 'allocate')).toHaveLength(3);
    const never = agent({ allocate: [problem('POOL_EXHAUSTED')] });
    await expect(never.borrow(undefined, { waitMs: 0 })).rejects.toMatchObject({ details: { error_type: 'pool.exhausted' } });
    const cancelled = new AbortController();
    const waiting = never.borrow(cancelled.signal, { askMs: 60_000 });
    cancelled.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });

  test.each([
    ['POOL_NOT_FOUND', { error_type: 'pool.not_found', non_retryable: true }],
    ['VALIDATION_FAILED', { error_type: 'pool.ref_unknown', non_retryable: true }],
    ['SERVICE_UNAVAILABLE', { error_type: 'pool.unavailable' }],
  ] as const)('that is refused with %s fails as %j', async (code, details) => {
    await expect(agent({ allocate: [problem(code)] }).borrow()).rejects.toMatchObject({ details });
  });

  test('of a slot that has passed on stops what works there; of an agent that is away it does not', async () => {
    const { asked, borrow } = agent({
      allocate: [slot],
      heartbeatSlot: [problem('SERVICE_UNAVAILABLE'), problem('SLOT_TOKEN_STALE')],
    });
    const loan = await borrow();
    await jest.advanceTimersByTimeAsync(8_000);
    expect(loan.signal.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(8_000);
    expect(loan.signal.reason).toMatchObject({ details: { error_type: 'pool.slot_lost' } });
    await loan.giveBack(true);
    expect(asked.map(([action]) => action)).toEqual(['allocate', 'heartbeatSlot', 'heartbeatSlot']);
  });
});
