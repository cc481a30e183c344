import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JobHead, RerunPartial as RerunRequest, RerunPlan } from '@kintsugi/contracts';
import { FollowParents } from '../../directory/follow-parents.js';
import { freshJob } from '../../intake/domain/fresh-chunks.js';
import { settled } from '../../reconcile/service-in-memory.js';
import { uuid } from '../../tasks/domain/chunk-sample.js';
import { requeueTask } from '../../tasks/domain/recovery-moves.js';
import { RerunWorld } from '../../reconcile/rerun-world.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };

let world: RerunWorld;
let service: RerunWorld['service'];
let directory: RerunWorld['directory'];
let runs: RerunWorld['runs'];

beforeEach(() => {
  world = new RerunWorld();
  ({ service, directory, runs } = world);
});

const failedJob = (): Promise<void> => world.failedJob();
const ask = (given: Partial<RerunRequest> = {}): Promise<RerunPlan> => world.ask(given);
const runAll = (id: string, fails: (key: string) => boolean): Promise<void> => world.runAll(id, fails);

describe('a rerun of a part of a job', () => {
  test('is planned, and nothing is made, with dry_run', async () => {
    await failedJob();
    const plan = await ask({ dry_run: true });
    expect(plan).toMatchObject({
      rerun: {
        total: 3,
        tasks: [
          { key: 'b', because: 'selected' },
          { key: 'c', because: 'downstream' },
          { key: 'd', because: 'downstream' },
        ],
      },
      reuse: { total: 2 },
      refused: { total: 0 },
      run: null,
    });
    expect(await service.jobs.retriesOf(jobId)).toEqual([]);
  });

  test('runs what was planned, once, and keeps what has succeeded for those that wait for it', async () => {
    await failedJob();
    const { run } = await ask({ parameters: { mended: true } });
    const id = run?.job_id ?? '';
    await runAll(id, () => false);
    expect(await world.statesOf(id)).toEqual(Array(5).fill('succeeded'));
    expect(Object.fromEntries(runs)).toEqual({ a: 1, b: 2, c: 1, d: 1, beside: 1 });
    expect(await service.jobs.find(id)).toMatchObject({
      status: 'completed',
      original_job_id: jobId,
      retry_count: 1,
      total_tasks: 5,
    });
    const [first] = await service.chunks.page(id, 0, null, 1);
    expect(first?.state.extras).toMatchObject({ results: { 0: '"a"' }, params: { 1: '{"mended":true}' } });
  });

  test('is refused while another one runs, and where what is waited for is left out', async () => {
    await failedJob();
    await expect(ask({ task_ids: ['c'] })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      extras: { errors: [{ path: 'data.include_upstream' }] },
    });
    await expect(ask({ task_ids: ['a'] })).rejects.toThrow('Nothing is selected');
    const [one, other] = await Promise.allSettled([ask(), ask()]);
    expect([one?.status, other?.status].sort()).toEqual(['fulfilled', 'rejected']);
    await expect(ask()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await service.jobs.retriesOf(jobId)).toHaveLength(1);
  });

  test('is of the tasks in a group of failures', async () => {
    await failedJob();
    const request = { group_ids: [`grp_${'1'.repeat(32)}`], dry_run: true };
    expect(await ask(request)).toMatchObject({ rerun: { total: 0 } });
    const { rerun } = await ask({ dry_run: true });
    world.inGroups = new Set([rerun.tasks[0]?.task_id ?? '']);
    expect(await ask(request)).toEqual(await ask({ dry_run: true }));
  });

  test('is planned of a few at once, and refused beyond', async () => {
    await failedJob();
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => ask({ dry_run: true })));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    await expect(ask({ dry_run: true })).resolves.toMatchObject({ rerun: { total: 3 } });
    expect(asked[5]).toMatchObject({ reason: { code: 'OVERLOADED' } });
  });

  test('reads the lines of no task where nothing asks for what is in them', async () => {
    await failedJob();
    const parse = JSON.parse;
    let parsed = 0;
    JSON.parse = (...given) => ((parsed += given[0].includes('beside') ? 1 : 0), parse(...given) as unknown);
    try {
      await ask({ dry_run: true, states: ['dead'], include_downstream: false });
    } finally {
      JSON.parse = parse;
    }
    // Where it is shown.
    expect(parsed).toBe(1);
  });

  test('makes nothing where the job changes while its tasks are copied', async () => {
    await failedJob();
    const open = directory.open.bind(directory);
    let opened = 0;
    directory.open = async (id) => {
      opened += 1;
      const job = await open(id);
      return opened > 1 && job
        ? Object.assign(Object.create(job) as typeof job, { view: () => ({ ...job.view(), status: 'recovering' as const }) })
        : job;
    };
    await expect(ask()).rejects.toThrow('has changed');
    expect(await service.jobs.retriesOf(jobId)).toEqual([]);
    expect((await service.chunks.jobsWithStaged()).size).toBe(0);
  });

  test('and a retry of the whole of it, asked for at once, make one run between them', async () => {
    await failedJob();
    const asked = await Promise.allSettled([ask(), world.retry(), world.retry()]);
    const refused = asked.filter(({ status }) => status === 'rejected');
    expect(refused).not.toEqual([]);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'STATE_CONFLICT' } });
    expect(await service.jobs.retriesOf(jobId)).toHaveLength(1);
  });
});

describe('a retry of a whole job', () => {
  test('makes nothing where a person has a task of it run again while it is copied', async () => {
    await failedJob();
    const stageAll = service.staging.stageAll.bind(service.staging);
    service.staging.stageAll = async (staged) => {
      await stageAll(staged);
      await service.engine.changeAll([`${uuid}.0`], (chunk) => requeueTask(chunk, 1, 1, undefined, service.clock.now()));
      await settled(service);
    };
    await expect(world.retry()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await service.jobs.retriesOf(jobId)).toEqual([]);
    expect((await service.chunks.jobsWithStaged()).size).toBe(0);
  });

  test.each([
    ['cancelled', ['delete']],
    ['running', ['cancel', 'delete']],
  ] as const)('of a child whose parent is %s now is tied to it by %j', async (status, fates) => {
    const parent = `job_${uuid.replace('a8057', 'a8999')}`;
    const given = { type: 'send', userId: 'u', tenant: 'default' };
    await service.jobs.insert({ ...freshJob(parent, head, { ...given, total: 1, chunks: 1, now: 0 }), status });
    const lineage = { parent_job_id: parent, with_parent: ['cancel', 'delete'] as ('cancel' | 'delete')[] };
    await service.chunked.accept(jobId, head, { ...given, lineage }, [['{"id":"b"}']]);
    await runAll(jobId, () => true);
    const { job_id: run } = await world.retry();
    await new FollowParents(service.jobs, service.jobs, directory).look();
    expect(await service.jobs.find(run)).toMatchObject({ parent_job_id: parent, with_parent: fates, status: 'pending' });
  });
});
