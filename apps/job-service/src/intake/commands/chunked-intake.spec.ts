import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { PLAN_SEQUENCE, chunkIdOf, planQueueOf, type CommitUpload, type JobHead } from '@kintsugi/contracts';
import { serviceInMemory, turnsOf } from '../../reconcile/service-in-memory.js';
import { reportOf, uuid } from '../../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../../tasks/domain/lease-tasks.js';
import { recordOutcome } from '../../tasks/domain/record-outcome.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
const given = { type: 'send', userId: 'u', tenant: 'default' };
const upload: CommitUpload = { job_id: jobId, job: head, chunks: 2, total_tasks: 3, fingerprint: 'f' };

let service: ReturnType<typeof serviceInMemory>;

beforeEach(() => {
  service = serviceInMemory();
});

/** The chunks of the job that are real, as they stand in the record. */
async function realChunks(): Promise<[id: string, queue: string, tasks: number][]> {
  const chunks = await service.chunks.page(jobId, -1, null, 9);
  return chunks.map(({ id, identity }) => [id.slice(37), identity.queue, identity.count]);
}

function stage(sequence: number, lines: string[], fence?: number): Promise<unknown> {
  const planner = fence === undefined ? {} : { fence };
  return service.staging.stage({ job_id: jobId, sequence, tasks: lines.join('\n'), count: lines.length, ...planner });
}

describe('a job of many tasks', () => {
  test('is there with all its chunks when it is accepted, and told', async () => {
    expect(await service.chunked.accept(jobId, head, given, [['{}', '{}'], ['{}']])).toMatchObject({ total_tasks: 3 });
    expect(await realChunks()).toEqual([
      ['0', 'send', 2],
      ['1', 'send', 1],
    ]);
    await turnsOf(20);
    expect(await service.jobs.find(jobId)).toMatchObject({ opened: true, status: 'pending', task_counts: { ready: 3 } });
    expect(service.published.map(({ name }) => name)).toEqual(['job.created']);
  });

  test.each([
    ['Latin', 'x'.repeat(400_000)],
    ['Japanese', '金'.repeat(133_333)],
  ])(
    'of %s text has its chunks stored by the few where they are large, so that no turn of the loop writes many',
    async (_, text) => {
      const stored = jest.spyOn(service.chunks, 'stage');
      const large = [`"${text}"`];
      await Promise.all(Array.from({ length: 32 }, (_, sequence) => stage(sequence, large)));
      const together = stored.mock.calls.map(([chunks]) => chunks.length);
      expect(Math.max(...together)).toBe(10);
      expect(together.reduce((sum, count) => sum + count)).toBe(32);
      await Promise.all(Array.from({ length: 32 }, (_, sequence) => stage(32 + sequence, ['{}'])));
      expect(stored.mock.calls.at(-1)?.[0]).toHaveLength(32);
    },
  );

  test('has one chunk made in a turn of the loop', async () => {
    let [passed, accepted] = [0, false];
    const count = (): void => {
      passed += 1;
      if (!accepted) setImmediate(count);
    };
    setImmediate(count);
    await service.chunked.accept(
      jobId,
      head,
      given,
      Array.from({ length: 6 }, () => ['{}']),
    );
    accepted = true;
    expect(passed).toBeGreaterThanOrEqual(5);
  });

  test('that was accepted and not opened is opened later, once, whoever tries again', async () => {
    await stage(0, ['{}', '{}']);
    await stage(1, ['{}']);
    const opening = jest.spyOn(service.chunks, 'openStaged').mockRejectedValueOnce(new Error('breaks off here'));
    await expect(service.chunked.commit(upload, head, given)).rejects.toThrow('breaks off here');
    expect(await realChunks()).toEqual([]);
    expect(opening).toHaveBeenCalledTimes(1);
    const job = await service.jobs.find(jobId);
    if (!job) throw new Error('It was not accepted.');
    for (let time = 0; time < 2; time += 1) await service.chunked.open(job);
    expect(await realChunks()).toHaveLength(2);
    expect(service.ledger.get(jobId)?.counts).toEqual({ ready: 3 });
  });
});

describe('an upload', () => {
  test('of which something is missing makes no job', async () => {
    await stage(0, ['{}', '{}']);
    await expect(service.chunked.commit(upload, head, given)).rejects.toMatchObject({ code: 'UPLOAD_CONFLICT' });
    expect(await service.jobs.find(jobId)).toBeNull();
  });

  test('that is committed twice makes one job, and gets the same answer', async () => {
    await stage(0, ['{}', '{}']);
    await stage(1, ['{}']);
    const first = await service.chunked.commit(upload, head, given);
    expect(await service.chunked.commit(upload, head, given)).toEqual(first);
    expect(service.counted.filter((name) => name.startsWith('kintsugi_jobs_accepted_total'))).toHaveLength(1);
  });

  test('is forgotten when it is given up, but for one that is a job already', async () => {
    await stage(0, ['{}', '{}']);
    await stage(1, ['{}']);
    expect(await service.chunked.abandon(jobId)).toEqual({ staged: 2 });
    await stage(0, ['{}', '{}']);
    await stage(1, ['{}']);
    await service.chunked.commit(upload, head, given);
    expect(await service.chunked.abandon(jobId)).toEqual({ staged: 0 });
    expect(await realChunks()).toHaveLength(2);
  });

  test('whose lines are not as many as it says is refused', async () => {
    const wrong = service.staging.stage({ job_id: jobId, sequence: 0, tasks: '{}\n{}', count: 3 });
    await expect(wrong).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

describe('a job that is to be planned', () => {
  const planId = chunkIdOf(jobId, PLAN_SEQUENCE);

  beforeEach(async () => {
    await service.chunked.acceptPlanned(jobId, head, given);
  });

  /** Gives the plan to a planner. */
  async function begin(planner: string): Promise<number> {
    let fence = 0;
    await service.engine.changeAll([planId], (plan) => {
      fence = leaseTasks(plan, [0], planner, service.clock.at).lease.fence;
    });
    return fence;
  }

  async function succeed(fence: number): Promise<void> {
    await service.engine.changeAll([planId], (plan) => {
      const lease = plan.leaseOf(fence);
      if (lease) recordOutcome(plan, reportOf(lease, { done: [0] }), service.clock.at + 1_000);
    });
    await turnsOf(20);
  }

  test('gets the tasks that its planner has staged once the plan is done, and they are told', async () => {
    const fence = await begin('planner');
    await stage(0, ['{}', '{}'], fence);
    expect(await realChunks()).toEqual([[PLAN_SEQUENCE, planQueueOf('send'), 1]]);
    await succeed(fence);
    expect(await service.jobs.find(jobId)).toMatchObject({ total_tasks: 2, chunks: 1 });
    expect((await realChunks()).filter(([id]) => id !== PLAN_SEQUENCE)).toEqual([['0', 'send', 2]]);
    expect(service.published.map(({ name }) => name)).toContain('job.planned');
  });

  test('takes nothing from a planner whose lease has passed on', async () => {
    await begin('planner');
    await expect(stage(0, ['{}'], 99)).rejects.toMatchObject({ code: 'UPLOAD_CONFLICT' });
  });

  test('makes nothing real once it is being cancelled', async () => {
    const fence = await begin('planner');
    await stage(0, ['{}', '{}'], fence);
    const entry = service.ledger.get(jobId);
    if (!entry) throw new Error('It is not at work.');
    await service.ledger.move(entry, 'cancel');
    await succeed(fence);
    expect((await realChunks()).filter(([id]) => id !== PLAN_SEQUENCE)).toEqual([]);
    expect(await service.jobs.find(jobId)).toMatchObject({ status: 'cancelled', total_tasks: null });
  });
});
