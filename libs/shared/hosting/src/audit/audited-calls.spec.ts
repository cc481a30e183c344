import { beforeEach, describe, expect, test } from '@jest/globals';
import { ProblemError, natsActor, workerActor, type AuditEntry } from '@kintsugi/contracts';
import type { AuditNote } from '@kintsugi/persistence/audit';
import { AuditedCalls, type AuditedCall } from './audited-calls.js';

const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const origin = { actor: natsActor, requestId: 'r' };
const pause: AuditedCall = { action: 'pauseJob', data: { job_id: jobId, stop: true }, ...origin };

let written: AuditNote[];
let job: { status: string; priority: number; labels: object } | null;
let refusing: Error | null;
let calls: AuditedCalls;

beforeEach(() => {
  written = [];
  job = { status: 'running', priority: 5, labels: { secret: 'x' } };
  refusing = null;
  const append = async (note: AuditNote): Promise<AuditEntry> => {
    if (refusing) throw refusing;
    written.push(note);
    return { ...note, seq: written.length } as AuditEntry;
  };
  const log = { append, appendSurely: async (note: AuditNote) => void (await append(note)) };
  calls = new AuditedCalls(log, async () => {
    if (!job) throw new ProblemError('JOB_NOT_FOUND', 'It is not there.');
    return { ...job, tenant: 'red' };
  });
});

async function paused(): Promise<string> {
  if (job) job.status = 'paused';
  return 'answer';
}

describe('a call', () => {
  test('is written down before it is made, and once it is made', async () => {
    const answer = await calls.run(pause, () => {
      expect(written.map(({ phase }) => phase)).toEqual(['asked']);
      return paused();
    });
    expect(answer).toBe('answer');
    const by = [{ actor: natsActor, tenant: 'red', request_id: 'r', subjects: [jobId] }];
    const same = { action: 'pauseJob', given: { stop: true }, by, before: { status: 'running', priority: 5, tenant: 'red' } };
    expect(written).toEqual([
      { ...same, phase: 'asked', call: null, after: null, problem: null },
      { ...same, phase: 'done', call: 1, after: { status: 'paused', priority: 5, tenant: 'red' }, problem: null },
    ]);
  });

  test('that cannot be written down is not made', async () => {
    refusing = new Error('away');
    await expect(calls.run(pause, paused)).rejects.toThrow('away');
    expect(job?.status).toBe('running');
  });

  test('that is refused says why, and one that failed how it left things', async () => {
    const conflict = new ProblemError('STATE_CONFLICT', 'Not now.');
    await expect(calls.run(pause, () => Promise.reject(conflict))).rejects.toBe(conflict);
    const fault = async (): Promise<never> => {
      await paused();
      throw new TypeError('a fault');
    };
    await expect(calls.run(pause, fault)).rejects.toThrow('a fault');
    await calls.settled();
    expect(written.filter(({ phase }) => phase !== 'asked')).toMatchObject([
      { phase: 'refused', problem: 'STATE_CONFLICT', after: null },
      { phase: 'unknown', problem: 'INTERNAL', after: { status: 'paused' } },
    ]);
  });

  test('about what is not there has nothing before it, and is of the tenant of who asks', async () => {
    job = null;
    await calls.run({ ...pause, actor: { ...natsActor, tenant: 'blue' } }, paused);
    expect(written).toMatchObject([
      { before: null, by: [{ tenant: 'blue' }] },
      { after: null, by: [{ tenant: 'blue' }] },
    ]);
  });

  test('that a worker makes for each of its tasks is in no entry; the same of a person is', async () => {
    const allocate = { action: 'allocate', data: { pool: 'app', owner: 'me' }, requestId: 'r' };
    await calls.run({ ...allocate, actor: workerActor('w') }, paused);
    expect(written).toEqual([]);
    await calls.run({ ...allocate, actor: natsActor }, async () => ({ slot_id: 'app-1', state: 'ALLOCATED', token: 7 }));
    expect(written).toMatchObject([
      { phase: 'asked', given: { owner: 'me' } },
      { phase: 'done', after: { slot_id: 'app-1', state: 'ALLOCATED' }, by: [{ subjects: ['app'] }] },
    ]);
  });

  test('that is refused before anybody looks is written with its problem, and only where a call is', async () => {
    const problem = new ProblemError('POOL_HOST_AWAY', 'No.');
    const call = { action: 'deletePool', data: { name: 'app', force: true }, ...origin };
    await calls.refused(call, problem);
    await calls.refused({ ...call, data: { name: 'app', dry_run: true } }, problem);
    await calls.refused({ ...call, action: 'getPool', data: { name: 'app' } }, problem);
    await calls.settled();
    const same = { action: 'deletePool', given: { force: true }, by: [{ subjects: ['app'] }], before: null, after: null };
    expect(written).toMatchObject([
      { ...same, phase: 'asked', problem: null },
      { ...same, phase: 'refused', problem: 'POOL_HOST_AWAY' },
    ]);
  });

  test('that reads, that is a dry run, or that its contract refuses is in no entry', async () => {
    const filter = { type: 'send' };
    await calls.run({ action: 'getJob', data: { job_id: jobId }, ...origin }, paused);
    await calls.run({ action: 'deleteJobs', data: { filter, dry_run: true }, ...origin }, paused);
    await calls.run({ action: 'pauseJob', data: { job_id: 'no id' }, ...origin }, paused);
    await calls.run({ action: 'no such action', data: {}, ...origin }, paused);
    expect(written).toEqual([]);
    await calls.run({ action: 'deleteJobs', data: { filter }, ...origin }, async () => ({ deleting: 2, job_ids: ['a', 'b'] }));
    expect(written.at(-1)).toMatchObject({ phase: 'done', after: { deleting: 2 }, by: [{ subjects: ['a', 'b'] }] });
  });
});
