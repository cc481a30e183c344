import type { JobHead, RerunPartial as RerunRequest, RerunPlan, ScheduleView, TaskInput, TaskState } from '@kintsugi/contracts';
import { Turns } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { FollowParents } from '../directory/follow-parents.js';
import { JobDirectory } from '../directory/job-directory.js';
import type { ExternalJobs } from '../external/external-jobs.js';
import { CopyJob } from '../intake/commands/copy-job.js';
import type { UniqueJobs } from '../intake/commands/unique-jobs.js';
import { IncomingJobs } from '../intake/incoming-job.js';
import { serviceInMemory, settled } from './service-in-memory.js';
import { uuid } from '../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { discardTask } from '../tasks/domain/recovery-moves.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { RerunPartial } from '../control/commands/rerun-partial.js';
import { RetryJob } from '../control/commands/retry-job.js';
import { LatestDefinition } from '../control/latest-definition.js';
import { Lineage } from '../control/lineage.js';
import type { AskedMoves } from '../control/mongo/asked-moves.js';
import { RunsBeingMade } from '../control/runs-being-made.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
const usual: Omit<RerunRequest, 'dry_run'> = {
  job_id: jobId,
  only_failed: true,
  include_downstream: true,
  include_upstream: false,
  definition: 'original',
  reuse: 'succeeded',
};
const origin: Origin = {
  actor: { key: 'k', name: 'ada', role: 'operator', tenant: null, door: 'http', address: null },
  requestId: 'r',
};

/** A whole job-service in memory, with a job in it of which parts can be run again, and workers that say what they are to say. */
export class RerunWorld {
  readonly service = serviceInMemory();
  readonly directory: JobDirectory;
  readonly rerunPartial: RerunPartial;
  readonly retryJob: RetryJob;
  /** How often each task has run, by its own id. */
  readonly runs = new Map<string, number>();
  inGroups: ReadonlySet<string> = new Set();
  /** What the schedule of the job says now. */
  scheduledJob: ScheduleView['job'] | null = null;
  private ids = 0;
  private time = 0;

  constructor() {
    const { service } = this;
    const { jobs, chunks, live, ledger, cancelTasks, pauseTasks, openTasks, prioritiseTasks, queues, chunked } = service;
    // What ran later began later.
    service.clock.now = () => (this.time += 1);
    const external = { request: async () => null } as unknown as ExternalJobs;
    this.directory = new JobDirectory(
      ...([jobs, chunks, chunks, live, ledger, external, cancelTasks, pauseTasks, openTasks] as const),
      prioritiseTasks,
      queues,
    );
    const newIds = { uuid: () => `01890a5d-ac96-774b-bcce-b302099a9${String((this.ids += 1)).padStart(3, '0')}` };
    const unique = { admit: (_: unknown, make: () => unknown) => make() } as unknown as UniqueJobs;
    const asked = { note: () => Promise.resolve() } as unknown as AskedMoves;
    const copyJob = new CopyJob(
      ...([chunked, unique, service.checkDependencies, new FollowParents(jobs, jobs, this.directory), newIds] as const),
    );
    const beingMade = new RunsBeingMade();
    const grouped = { idsOf: async () => this.inGroups };
    const scheduled = { jobOf: async () => this.scheduledJob };
    const turns = new Turns();
    const latest = new LatestDefinition(scheduled, new IncomingJobs(turns, { INEXACT_NUMBERS: 'refuse' }));
    const lineage = new Lineage(this.directory, jobs);
    this.rerunPartial = new RerunPartial(this.directory, jobs, copyJob, asked, grouped, beingMade, lineage, latest, turns);
    this.retryJob = new RetryJob(this.directory, jobs, external, copyJob, asked, beingMade);
  }

  /** @param gives what a task gives, by its own id and its payload with what is laid over that; its id where left out */
  async runAll(
    id: string,
    fails: (key: string) => boolean,
    gives: (key: string, params: string | undefined) => unknown = (key) => key,
  ): Promise<void> {
    const { service, runs } = this;
    const { clock, engine } = service;
    for (;;) {
      await settled(service);
      const ready = (await service.chunks.page(id, 0, null, 99)).filter((chunk) => chunk.count('ready') > 0);
      if (ready.length === 0) return;
      for (const { id: chunkId } of ready) {
        await engine.changeAll([chunkId], (chunk) => {
          const { lease } = leaseTasks(chunk, chunk.indexesIn('ready'), 'w', clock.now());
          const keyOf = (index: number): string => (JSON.parse(chunk.lines?.[index] ?? '{}') as TaskInput).id ?? '';
          for (const index of lease.indexes) runs.set(keyOf(index), (runs.get(keyOf(index)) ?? 0) + 1);
          const done = lease.indexes.filter((index) => !fails(keyOf(index)));
          const failed = lease.indexes.filter((index) => !done.includes(index));
          const report = {
            ...{ chunk_id: chunkId, fence: lease.fence, base_ms: clock.now(), done, returned: [] },
            ...{ started: done.map(() => 0), took_us: done.map(() => 1_000) },
            failed: failed.map((index) => ({
              ...{ index, started: 0, took_us: 1_000 },
              ...{ error_type: 'net.reset', error_message: 'gone' },
            })),
            results: Object.fromEntries(done.map((index) => [index, gives(keyOf(index), chunk.state.extras.params[index])])),
          };
          recordOutcome(chunk, report, clock.now());
          for (const index of failed) discardTask(chunk, index, chunk.state.attempts[index] ?? 1, clock.now());
        });
      }
    }
  }

  /** A job of a row of four and one beside it, of which the second has failed. */
  async failedJob(given: Partial<JobHead> = {}, fails = (key: string): boolean => key === 'b'): Promise<void> {
    const tasks: TaskInput[] = [
      { id: 'a' },
      { id: 'b', depends_on: ['a'] },
      { id: 'c', depends_on: ['b'] },
      { id: 'd', depends_on: ['c'] },
      { id: 'beside' },
    ];
    const lines = tasks.map((task) => JSON.stringify(task));
    const groups = [lines.slice(0, 2), lines.slice(2)];
    await this.service.chunked.accept(jobId, { ...head, ...given }, { type: 'send', userId: 'u', tenant: 'default' }, groups);
    await this.runAll(jobId, fails);
  }

  ask(given: Partial<RerunRequest> = {}): Promise<RerunPlan> {
    return this.rerunPartial.execute({ ...usual, dry_run: false, ...given }, origin);
  }

  retry(): ReturnType<RetryJob['execute']> {
    return this.retryJob.execute(jobId, origin);
  }

  async statesOf(id: string): Promise<TaskState[]> {
    return (await this.service.chunks.page(id, 0, null, 99)).flatMap((chunk) =>
      Array.from({ length: chunk.identity.count }, (_, index) => chunk.stateOf(index)),
    );
  }
}
