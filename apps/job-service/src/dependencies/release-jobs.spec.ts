import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { natsActor, type JobHead } from '@kintsugi/contracts';
import { type JobRecordsInMemory } from '../jobs/job-records-in-memory.js';
import { serviceInMemory, turnsOf } from '../reconcile/service-in-memory.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { reportOf } from '../tasks/domain/chunk-sample.js';
import { discardTask } from '../tasks/domain/recovery-moves.js';

type Service = ReturnType<typeof serviceInMemory>;

const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
const tenant = 'default';
let service: Service;

beforeEach(() => {
  service = serviceInMemory();
});

function uuidOf(name: string): string {
  return `01890a5d-ac96-774b-bcce-${name.padStart(12, '0')}`;
}

const idOf = (name: string): string => `job_${uuidOf(name)}`;

async function accept(name: string, over: Partial<JobHead> = {}): Promise<string> {
  const { checkDependencies, chunked } = service;
  const jobId = idOf(name);
  const rule = over.on_dependency_failure;
  const dependencies = await checkDependencies.of(over.depends_on, { jobId, tenant, rule });
  const given = { type: 'send', userId: 'u', tenant, dependencies };
  return (await chunked.accept(jobId, { ...head, ...over }, given, [['{}']])).status;
}

async function settled(): Promise<void> {
  await turnsOf(40);
  await service.jobClock.pass();
  await turnsOf(20);
}

async function run(name: string, end: 'done' | 'failed'): Promise<void> {
  const { engine, clock } = service;
  await engine.changeAll([`${uuidOf(name)}.0`], (chunk) => {
    const { lease } = leaseTasks(chunk, [0], 'w', clock.at);
    recordOutcome(chunk, reportOf(lease, { [end]: [0] }), clock.at + 1_000);
    if (end === 'failed') discardTask(chunk, 0, 1, clock.at + 1_000);
    return true;
  });
  await settled();
}

const statusOf = async (name: string): Promise<string | undefined> => (await service.jobs.find(idOf(name)))?.status;

async function afterRestart(work?: (jobs: JobRecordsInMemory) => Promise<void>): Promise<void> {
  const { stored, jobs } = service;
  await work?.(jobs);
  service = serviceInMemory({ stored, jobs });
  await service.ledger.start();
  await service.releaseJobs.start();
  await settled();
  await service.ledger.stop();
  await service.releaseJobs.stop();
}

describe('a job waits until', () => {
  test('all that go before it are completed, and is released once', async () => {
    for (const name of ['a', 'b']) await accept(name);
    expect(await accept('c', { depends_on: [idOf('a'), { job_id: idOf('b'), on: 'completed' }] })).toBe('scheduled');
    await run('a', 'done');
    expect(await statusOf('c')).toBe('scheduled');
    expect((await service.chunks.page(idOf('c'), -1, null, 9)).length).toBe(0);
    service.clock.at += 60_000;
    await run('b', 'done');
    expect(await statusOf('c')).toBe('pending');
    const [chunk] = await service.chunks.page(idOf('c'), -1, null, 9);
    expect(chunk?.identity.acceptedAt).toBe(service.clock.at);
    const names = service.published.filter(({ subject }) => subject === idOf('c')).map(({ name }) => name);
    expect(names).toEqual(['job.created', 'job.released']);
  });

  test('what goes before it has ended however, where that is enough', async () => {
    await accept('a');
    await accept('c', { depends_on: [{ job_id: idOf('a'), on: 'finished' }] });
    await run('a', 'failed');
    expect(await statusOf('c')).toBe('pending');
  });

  test('what it waits for has ended, though its time has come before', async () => {
    await accept('a');
    await accept('c', { depends_on: [idOf('a')], run_at: new Date(service.clock.at + 5_000).toISOString() });
    service.clock.at += 5_000;
    await settled();
    expect(await statusOf('c')).toBe('scheduled');
    await run('a', 'done');
    expect(await statusOf('c')).toBe('pending');
  });

  test('its time has come too', async () => {
    await accept('a');
    const run_at = new Date(service.clock.at + 5_000).toISOString();
    await accept('c', { depends_on: [idOf('a')], run_at });
    await run('a', 'done');
    expect(await statusOf('c')).toBe('scheduled');
    service.clock.at += 5_000;
    await settled();
    expect(await statusOf('c')).toBe('pending');
  });

  test('nothing, where all that go before it were completed before', async () => {
    await accept('a');
    await run('a', 'done');
    expect(await accept('c', { depends_on: [idOf('a')] })).toBe('pending');
  });

  test('a job in a bundle has ended', async () => {
    const jobs = [{ id: `job_${uuidOf('e')}.0`, product_id: 'p', sending_group_id: 'g', user_id: 'u', labels: {} }];
    const identity = { id: `${uuidOf('e')}.0`, jobId: null, queue: 'send', priority: 5, safety: 'idempotent' as const };
    const bundle = Chunk.fresh({ ...identity, count: 1, acceptedAt: service.clock.at, retryConfig: null, jobs }, ['{}']);
    service.engine.enter(bundle);
    jest.spyOn(service.jobs, 'standings').mockResolvedValue(new Map([[`job_${uuidOf('e')}.0`, { status: 'pending', tenant }]]));
    await accept('c', { depends_on: [`job_${uuidOf('e')}.0`] });
    await run('e', 'done');
    expect(await statusOf('c')).toBe('pending');
  });
});

describe('where a job that it waits for is not completed, it', () => {
  test.each([
    [undefined, 'failed'],
    ['fail', 'failed'],
    ['skip', 'cancelled'],
    ['run', 'pending'],
  ] as const)('follows on_dependency_failure %s: %s', async (on_dependency_failure, status) => {
    await accept('a');
    await accept('c', { depends_on: [idOf('a')], on_dependency_failure });
    await accept('d', { depends_on: [idOf('c')] });
    await run('a', 'failed');
    await settled();
    expect(await statusOf('c')).toBe(status);
    // What waits for what was given up is given up with it.
    expect(await statusOf('d')).toBe(status === 'pending' ? 'scheduled' : 'failed');
  });

  test('is given up at once where that one had failed before', async () => {
    await accept('a');
    await run('a', 'failed');
    await accept('c', { depends_on: [idOf('a')] });
    await settled();
    expect(await statusOf('c')).toBe('failed');
  });

  test('stays paused where it was, until it is given up', async () => {
    await accept('a');
    await accept('c', { depends_on: [idOf('a')] });
    await service.jobs.apply(idOf('c'), 'pause', {}, null);
    await run('a', 'done');
    expect(await statusOf('c')).toBe('paused');
    expect((await service.jobs.find(idOf('c')))?.opened).toBe(true);
  });
});

describe('an end that nobody was told of', () => {
  test('because job-service was away frees what waits for it at the start, once', async () => {
    await accept('a');
    await accept('c', { depends_on: [idOf('a')] });
    await afterRestart(async (jobs) => {
      for (const move of ['start', 'complete'] as const) await jobs.apply(idOf('a'), move, {}, null);
    });
    expect(await statusOf('c')).toBe('pending');
    await afterRestart();
    expect(service.published.filter(({ name }) => name === 'job.released')).toEqual([]);
  });

  test('while the job that waits was being accepted frees it', async () => {
    await accept('a');
    const { jobs } = service;
    const insert = jobs.insert.bind(jobs);
    jest.spyOn(jobs, 'insert').mockImplementationOnce(async (job) => {
      await run('a', 'done');
      return insert(job);
    });
    await accept('c', { depends_on: [idOf('a')] });
    await settled();
    expect(await statusOf('c')).toBe('pending');
  });

  test('is settled before its job is deleted, as it was', async () => {
    await accept('a');
    await accept('c', { depends_on: [idOf('a')] });
    for (const move of ['start', 'complete'] as const) await service.jobs.apply(idOf('a'), move, {}, null);
    await service.releaseJobs.settleBeforeDeletion([idOf('a')]);
    await service.jobs.remove(idOf('a'));
    await afterRestart();
    expect(await statusOf('c')).toBe('pending');
  });
});

test('an end whose settling fails is settled a moment later', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  try {
    await accept('a');
    await accept('c', { depends_on: [idOf('a')] });
    jest.spyOn(service.jobs, 'settle').mockRejectedValueOnce(new Error('once'));
    jest.spyOn(service.faults, 'report').mockImplementationOnce(() => undefined);
    await run('a', 'done');
    expect(await statusOf('c')).toBe('scheduled');
    jest.advanceTimersByTime(1_000);
    await settled();
    expect(await statusOf('c')).toBe('pending');
  } finally {
    jest.useRealTimers();
  }
});

describe('what cannot be waited for', () => {
  const refusalOf = (depends_on: JobHead['depends_on']) =>
    accept('c', { depends_on }).then(
      () => null,
      (error: { code: string; extras: { errors: object[] } }) => [error.code, error.extras.errors[0]],
    );

  test('is refused with its place', async () => {
    await accept('a');
    const at = (index: number, rule: string) => [
      'DEPENDENCY_INVALID',
      expect.objectContaining({ path: `data.depends_on[${index}]`, rule }),
    ];
    expect(await refusalOf([idOf('a'), idOf('b')])).toEqual(at(1, 'UNKNOWN'));
    expect(await refusalOf([idOf('c')])).toEqual(at(0, 'SELF_REFERENCE'));
    expect(await refusalOf([idOf('a'), { job_id: idOf('a'), on: 'finished' }])).toEqual(at(1, 'REPEATED'));
    await service.deletions.add({ id: 'del_1', jobIds: [idOf('b')], requestedBy: natsActor, requestId: 'r' });
    expect(await refusalOf([idOf('b')])).toEqual(at(0, 'DELETED'));
  });

  test('is a job of another tenant, which is not there', async () => {
    await service.chunked.accept(idOf('f'), head, { type: 'send', userId: 'u', tenant: 'acme' }, [['{}']]);
    expect(await refusalOf([idOf('f')])).toEqual(['DEPENDENCY_INVALID', expect.objectContaining({ rule: 'UNKNOWN' })]);
  });
});

test('a run of a job again waits for what of it is under way, as itself or as its newest retry', async () => {
  for (const name of ['a', 'b', '1']) await accept(name);
  await run('a', 'failed');
  await service.jobs.insert({ ...(await service.jobs.find(idOf('b')))!, _id: idOf('2'), original_job_id: idOf('a') });
  await run('1', 'done');
  const depends_on = ['a', 'b', '1', '9'].map((name) => ({ job_id: idOf(name), on: 'completed' as const }));
  const view = { depends_on } as unknown as Parameters<typeof service.checkDependencies.ofRun>[0];
  const dependencies = await service.checkDependencies.ofRun(view);
  expect(dependencies?.depends_on.map(({ job_id }) => job_id)).toEqual([idOf('2'), idOf('b')]);
  expect(dependencies?.awaits).toHaveLength(2);
});

test('a hundred jobs that wait for one are freed by one write', async () => {
  await accept('a');
  const depends_on = [{ job_id: idOf('a'), on: 'completed' as const }];
  for (let at = 0; at < 100; at += 1) await accept(`c${at}`.replaceAll('c', '5'), { depends_on });
  const settle = jest.spyOn(service.jobs, 'settle');
  await run('a', 'done');
  expect(settle).toHaveBeenCalledTimes(1);
  expect(await statusOf('599')).toBe('pending');
});
