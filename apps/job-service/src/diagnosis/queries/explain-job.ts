import { Injectable } from '@nestjs/common';
import { planQueueOf, type BatchJob, type JobExplanation, type JobStatus, type TaskState } from '@kintsugi/contracts';
import { ReleaseTasks } from '../../dependencies/release-tasks.js';
import { JobDirectory } from '../../directory/job-directory.js';
import type { JobHandle } from '../../directory/job-handle.js';
import { KeyLimits } from '../../dispatch/key-limits.js';
import { LeaseBook } from '../../dispatch/lease-book.js';
import type { LedgerEntry } from '../../jobs/domain/ledger-entry.js';
import { concurrencyKeyOf } from '../../jobs/domain/limit-keys.js';
import { JobLedger } from '../../jobs/job-ledger.js';
import { Clock } from '../../platform/clock.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { WedgeWatch } from '../../wedges/wedge-watch.js';
import { waitOfStore } from '../domain/wait-of-store.js';
import { waitOfWedge } from '../domain/wait-of-wedge.js';
import { waitOfProducer } from '../domain/wait-of-producer.js';
import { waitsOfJob, type JobSituation, type TasksInState } from '../domain/waits-of-job.js';
import { QueuePlaces } from '../queue-places.js';
import { StorePulse } from '../store-pulse.js';

/** Chunks looked through for one state at most: a job of a million tasks has four thousand. */
const chunksMax = 64;
const holdersMax = 4;
const lookedInto = ['waiting_retry', 'failed', 'quarantined', 'outcome_unknown'] as const satisfies TaskState[];

/** Why a job does not go on: what each part of its tasks waits for, who has it, how long it may take and what to do. */
@Injectable()
export class ExplainJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly book: LeaseBook,
    private readonly limits: KeyLimits,
    private readonly places: QueuePlaces,
    private readonly releaseTasks: ReleaseTasks,
    private readonly wedges: WedgeWatch,
    private readonly pulse: StorePulse,
    private readonly clock: Clock,
  ) {}

  async execute(jobId: string): Promise<JobExplanation> {
    const handle = await this.directory.get(jobId);
    const job = handle.view();
    const now = this.clock.now();
    const explained = { job_id: jobId, status: job.status, as_of: new Date(now).toISOString() };
    const answers = await this.pulse.beats();
    const ofStore = waitOfStore(answers, job.status);
    if (job.executor === 'external') return { ...explained, waiting: [...ofStore, ...waitOfProducer(job)] };
    const counts = job.task_counts;
    const inState = answers ? await this.looked(handle, counts) : new Map<TaskState, TasksInState>();
    const queue = job.total_tasks === null ? planQueueOf(job.type) : job.type;
    const entry = this.ledger.get(jobId);
    const situation = {
      job,
      counts,
      freeSlots: entry ? this.book.parallelSlots(entry) : Infinity,
      limits: this.limitsOf(entry),
      place: this.places.of(queue, (chunk) => this.holdsReadyOf(handle, chunk), job, [
        ...([job.tenant, job.user_id] as const),
        entry ? jobId : '',
      ]),
      inState,
      // What memory does not have would be waited for in vain.
      awaited: answers ? await this.awaitedBy(job) : new Map<string, JobStatus>(),
      holders: answers && entry && (counts.blocked ?? 0) > 0 ? await this.releaseTasks.holdersOf(entry, holdersMax) : [],
    };
    const waits = waitsOfJob(situation, now);
    return { ...explained, waiting: [...ofStore, ...waitOfWedge(this.wedges.of(jobId), waits, job.status), ...waits] };
  }

  private async awaitedBy({ waits_for: ids = [] }: BatchJob): Promise<Map<string, JobStatus>> {
    const standing = new Map<string, JobStatus>();
    for (const id of ids.slice(0, holdersMax)) {
      const awaited = await this.directory.open(id);
      if (awaited) standing.set(id, awaited.status);
    }
    return standing;
  }

  private limitsOf(entry: LedgerEntry | undefined): JobSituation['limits'] {
    if (!entry) return { concurrency: null, rate: null };
    const { full, rate } = this.limits.waitOf(entry.job);
    const key = concurrencyKeyOf(entry.job);
    const concurrency = full && key !== null ? { ...full, holders: this.book.holdersOf(key) } : null;
    return { concurrency, rate };
  }

  private holdsReadyOf(handle: JobHandle, chunk: Chunk): boolean {
    const { from, to } = handle.placesIn(chunk);
    for (let index = from; index < to; index += 1) {
      if (chunk.jobIdOf(index) === handle.id && chunk.stateOf(index) === 'ready') return true;
    }
    return false;
  }

  private async looked(handle: JobHandle, counts: BatchJob['task_counts']): Promise<Map<TaskState, TasksInState>> {
    const inState = new Map<TaskState, TasksInState>();
    for (const state of lookedInto) if ((counts[state] ?? 0) > 0) inState.set(state, await this.look(handle, state));
    return inState;
  }

  private async look(handle: JobHandle, state: TaskState): Promise<TasksInState> {
    const seen: TasksInState = { firstDue: null, lastDue: null, since: null };
    for (const chunk of await handle.chunks(0, state, chunksMax)) {
      const current = this.live.get(chunk.id) ?? chunk;
      const { from, to } = handle.placesIn(current);
      for (let index = from; index < to; index += 1) if (current.stateOf(index) === state) note(seen, current, index);
    }
    return seen;
  }
}

function note(seen: TasksInState, { state: { extras } }: Chunk, index: number): void {
  const [due, since] = [extras.due[index], extras.errors[index]?.at];
  if (due !== undefined) {
    seen.firstDue = Math.min(due, seen.firstDue ?? Infinity);
    seen.lastDue = Math.max(due, seen.lastDue ?? 0);
  }
  if (since !== undefined) seen.since = Math.min(since, seen.since ?? Infinity);
}
