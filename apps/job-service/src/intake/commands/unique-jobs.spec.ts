import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { JobReceipt, LeaseOutcome, Unique } from '@kintsugi/contracts';
import { JobDirectory } from '../../directory/job-directory.js';
import type { ExternalJobs } from '../../external/external-jobs.js';
import { ApplyRecovery } from '../../inbox/commands/apply-recovery.js';
import { AbortJob } from '../../dispatch/abort-job.js';
import { RerunHolds } from '../../jobs/rerun-holds.js';
import { serviceInMemory } from '../../reconcile/service-in-memory.js';
import { recordOutcome } from '../../tasks/domain/record-outcome.js';
import { leaseTasks } from '../../tasks/domain/lease-tasks.js';
import { reportOf } from '../../tasks/domain/chunk-sample.js';
import { StepsOfTask } from '../../steps/steps-of-task.js';
import { discardTask, retryTask } from '../../tasks/domain/recovery-moves.js';
import { UniqueJobs } from './unique-jobs.js';

const head = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent' as const, labels: {} };
let service: ReturnType<typeof serviceInMemory>;
let unique: UniqueJobs;
let directory: JobDirectory;

beforeEach(() => {
  service = serviceInMemory();
  const { jobs, chunks, live, ledger, cancelTasks, pauseTasks, openTasks, prioritiseTasks, queues } = service;
  // No job of this spec is run by somebody else.
  const external = {} as ExternalJobs;
  const moves = [cancelTasks, pauseTasks, openTasks, prioritiseTasks, queues] as const;
  directory = new JobDirectory(jobs, chunks, chunks, live, ledger, external, ...moves);
  unique = new UniqueJobs(jobs, directory, service.chunked, new RerunHolds(jobs, service.ledger));
  service.sender.stop = () => undefined;
});

function uuidOf(number: number): string {
  return `01890a5d-ac96-774b-bcce-b30209900${String(number).padStart(3, '0')}`;
}

function submit(number: number, asked: Partial<Unique> = {}, tenant = 'default', runOf?: string): Promise<JobReceipt> {
  const given: Unique = { key: 'k', while: ['pending', 'running', 'cancelling'], on_conflict: 'reject', ...asked };
  const jobId = `job_${uuidOf(number)}`;
  return unique.admit({ jobId, unique: given, tenant, userId: 'ann', ...(runOf ? { runOf } : {}) }, () =>
    service.chunked.accept(jobId, { ...head, unique: given }, { type: 'send', userId: 'ann', tenant }, [['{}']]),
  );
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

/** A worker takes the task of a job and reports it. */
async function run(number: number, report: 'done' | 'failed' | null): Promise<void> {
  const { engine, clock } = service;
  await engine.changeAll([`${uuidOf(number)}.0`], (chunk) => {
    const lease = chunk.state.leases[0] ?? leaseTasks(chunk, [0], 'w', clock.at).lease;
    if (report !== null) recordOutcome(chunk, reportOf(lease, { [report]: [0] }), clock.at);
    return true;
  });
  await settled();
}

describe('a unique key', () => {
  test('that a job holds refuses another, which names the holder, and leaves nothing of it', async () => {
    const holder = await submit(1);
    await expect(submit(2)).rejects.toMatchObject({ code: 'UNIQUE_CONFLICT', status: 409, extras: { holder: holder.job_id } });
    expect([...service.stored.keys()]).toEqual([`${uuidOf(1)}.0`]);
    await submit(3, {}, 'other');
    await submit(4, { key: 'l' });
  });

  test('is free once the job has ended', async () => {
    await submit(1);
    await run(1, 'done');
    expect(await submit(2)).toMatchObject({ replayed: false });
    expect((await service.jobs.find(`job_${uuidOf(1)}`))?.unique_hold).toBeNull();
  });

  test('answers the holder where that is asked for', async () => {
    const { job_id } = await submit(1);
    expect(await submit(2, { on_conflict: 'return' })).toEqual({ job_id, status: 'pending', total_tasks: 1, replayed: true });
  });

  test('makes one job of many at once', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => submit(index)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('goes to the job that replaces its holder, once nothing of that runs any more', async () => {
    await submit(1);
    await run(1, null);
    const replaced = submit(2, { on_conflict: 'replace' });
    await settled();
    expect((await directory.open(`job_${uuidOf(1)}`))?.status).toBe('cancelling');
    expect(await directory.open(`job_${uuidOf(2)}`)).toBeNull();
    await run(1, 'done');
    expect(await replaced).toMatchObject({ job_id: `job_${uuidOf(2)}`, replayed: false });
  });

  describe('that a job holds after its end too', () => {
    const alsoFailed = { while: ['pending', 'running', 'cancelling', 'failed'] as Unique['while'] };
    const fail = async (number: number): Promise<void> => {
      await run(number, 'failed');
      await service.engine.changeAll([`${uuidOf(number)}.0`], (chunk) => discardTask(chunk, 0, 1, service.clock.at));
      await settled();
    };

    test('passes on to a run of it, and from that to the next, and to no other', async () => {
      const { job_id: first } = await submit(1, alsoFailed);
      await fail(1);
      await expect(submit(2, alsoFailed)).rejects.toMatchObject({ extras: { holder: first } });
      await submit(3, alsoFailed, 'default', first);
      await expect(submit(4, alsoFailed, 'default', first)).rejects.toMatchObject({ extras: { holder: `job_${uuidOf(3)}` } });
      expect((await service.jobs.find(first))?.unique_hold).toBeNull();
    });

    test('goes to the job that replaces its holder, which there is nothing to cancel of', async () => {
      const { job_id: first } = await submit(1, alsoFailed);
      await fail(1);
      expect(await submit(2, { ...alsoFailed, on_conflict: 'replace' })).toMatchObject({ job_id: `job_${uuidOf(2)}` });
      expect((await directory.open(first))?.status).toBe('failed');
    });
  });

  test('that another job holds by now keeps a failed job from going on by a late report, without a fault', async () => {
    const reported = jest.spyOn(service.faults, 'report').mockImplementation(() => undefined);
    await submit(1);
    const { engine, clock, ledger, book } = service;
    let late = {} as LeaseOutcome;
    await engine.changeAll([`${uuidOf(1)}.0`], (chunk) => {
      const { lease } = leaseTasks(chunk, [0], 'w', clock.at);
      late = reportOf(lease, { failed: [0] });
      chunk.move(0, 'lose');
      return true;
    });
    await settled();
    await submit(2);
    await engine.changeAll([`${uuidOf(1)}.0`], (chunk) => {
      recordOutcome(chunk, late, clock.at);
      return true;
    });
    await engine.changeAll([`${uuidOf(1)}.0`], (chunk) => retryTask(chunk, 0, 1));
    await settled();
    const entry = ledger.get(`job_${uuidOf(1)}`);
    expect([entry?.job.status, entry && book.mayStart(entry)]).toEqual(['failed', false]);
    for (let round = 0; round < 3; round += 1) await ledger.recountIdle();
    await settled();
    expect(reported).not.toHaveBeenCalled();
    await run(2, 'done');
    await ledger.recountIdle();
    await settled();
    expect([entry?.job.status, entry && book.mayStart(entry)]).toEqual(['recovering', true]);
  });

  test('keeps a failed job from being run again while another one holds it', async () => {
    const recovery = new ApplyRecovery(
      service.engine,
      new RerunHolds(service.jobs, service.ledger),
      service.clock,
      new AbortJob(service.ledger, service.cancelTasks),
      new StepsOfTask(service.steps),
    );
    const rerun = () => recovery.requeue({ tasks: [{ task_id: `task_${uuidOf(1)}.0.0`, attempt: 1 }] });
    const stateOf = async (number: number) => (await directory.open(`job_${uuidOf(number)}`))?.status;
    await submit(1);
    await run(1, 'failed');
    await service.engine.changeAll([`${uuidOf(1)}.0`], (chunk) => discardTask(chunk, 0, 1, service.clock.at));
    await settled();
    await submit(2);
    await rerun();
    await settled();
    expect([await stateOf(1), service.live.get(`${uuidOf(1)}.0`)?.count('ready') ?? 0]).toEqual(['failed', 0]);
    await run(2, 'done');
    await rerun();
    await settled();
    expect(await stateOf(1)).toBe('recovering');
    await expect(submit(3)).rejects.toMatchObject({ extras: { holder: `job_${uuidOf(1)}` } });
  });
});
