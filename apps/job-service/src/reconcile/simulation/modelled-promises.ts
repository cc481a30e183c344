import {
  endedTaskStates,
  isFinished,
  taskIdOf,
  type LeaseOutcome,
  type TaskInput,
  type TaskState,
  type WorkHeader,
} from '@kintsugi/contracts';
import type { Deletions } from '../../jobs/deletions.js';
import type { JobRecordsInMemory } from '../../jobs/job-records-in-memory.js';
import type { StoredChunks } from '../../tasks/chunk-record-in-memory.js';
import { sequenceOf } from '../../tasks/domain/chunk-sequence.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { chunkFrom } from '../../tasks/mongo/chunk-document.js';
import type { ModelledJob, ModelledService } from './modelled-service.js';

const ended: readonly TaskState[] = endedTaskStates;
/** What nothing changes any more. */
const final: readonly TaskState[] = ['succeeded', 'cancelled'];
/** What waits for a person. */
const waiting: readonly TaskState[] = ['quarantined', 'outcome_unknown'];

export interface JobShape extends Pick<ModelledJob, 'safety' | 'rule'> {
  tasks: number;
  /** Each task waits for the one before. */
  chained: boolean;
}

/** What is known of a job by what was asked and answered. `unsure`: the service was killed before it answered. */
export interface KnownJob extends ModelledJob {
  shape: JobShape;
  accepted: 'yes' | 'unsure';
  paused: 'yes' | 'no' | 'unsure';
  cancelled: boolean;
  mayBeCancelled: boolean;
  deleted: 'yes' | 'no' | 'asked';
}

/** What must hold after every command, whatever came before. What does not is a fault, in words. */
export class ModelledPromises {
  readonly faults: string[] = [];
  readonly jobs = new Map<string, KnownJob>();
  /** Tasks of which a worker has once said that they were done. */
  readonly done = new Set<string>();
  /** Attempts of unsafe tasks that a worker has said have failed, or a person asked for again. */
  readonly repeatable = new Set<string>();
  private readonly ends = new Map<string, TaskState>();
  private readonly starts = new Map<string, string>();
  private readonly leases = new Set<string>();

  constructor(
    private readonly stored: StoredChunks,
    private readonly records: JobRecordsInMemory,
  ) {}

  chunksOf(jobId: string): Chunk[] {
    return [...this.stored.values()].filter(({ job_id, staged_at }) => job_id === jobId && !staged_at).map(chunkFrom);
  }

  /** A job came with a key that others have, or had. */
  noteHolder(copy: KnownJob, holder: string): void {
    const others = [...this.jobs.values()].filter(({ key, jobId }) => key === copy.key && jobId !== copy.jobId);
    const known = others.find(({ accepted, deleted }) => accepted === 'yes' && deleted === 'no');
    if (known && holder !== known.jobId) this.faults.push(`${holder} has the key of ${known.jobId}.`);
    if (holder !== copy.jobId && !others.some(({ jobId }) => jobId === holder)) {
      this.faults.push(`${holder} has a key of others.`);
    }
    if (holder !== copy.jobId && [...this.stored.values()].some(({ job_id }) => job_id === copy.jobId)) {
      this.faults.push(`${copy.jobId} was not made, and something of it is there.`);
    }
  }

  /** A slice has left for a worker. */
  noteSent({ chunk_id: chunkId, fence, indexes, attempts, job_id: jobId }: WorkHeader, worker: string): void {
    const lease = `${chunkId}#${fence}`;
    if (this.leases.has(lease)) return;
    this.leases.add(lease);
    const job = this.jobs.get(jobId ?? '');
    if (!job) {
      this.faults.push(`${lease} was sent of no job.`);
      return;
    }
    if (job.paused === 'yes') this.faults.push(`${lease} was sent while its job is paused.`);
    if (job.cancelled) this.faults.push(`${lease} was sent of a cancelled job.`);
    if (job.deleted === 'yes') this.faults.push(`${lease} was sent of a deleted job.`);
    const document = this.stored.get(chunkId);
    if (!document?.leases.some((kept) => kept.fence === fence && kept.worker_id === worker)) {
      this.faults.push(`${lease} was sent before it was safe.`);
    }
    indexes.forEach((index, position) => this.noteStart(job, chunkId, index, attempts[position] ?? 1, lease));
  }

  private noteStart(job: KnownJob, chunkId: string, index: number, attempt: number, lease: string): void {
    const taskId = taskIdOf(chunkId, index);
    const run = `${taskId} ${attempt}`;
    const earlier = this.starts.get(run);
    if (earlier) this.faults.push(`Attempt ${run} was given as ${earlier} and as ${lease}.`);
    this.starts.set(run, lease);
    if (job.safety === 'unsafe' && attempt > 1 && !this.repeatable.has(`${taskId} ${attempt - 1}`)) {
      this.faults.push(`The unsafe task ${taskId} runs again though nobody knows how attempt ${attempt - 1} ended.`);
    }
    // What others waited for may be run again, when somebody asks for it, while they are tried again.
    if (attempt > 1) return;
    const states = this.statesOf(job.jobId);
    const place = placeIn(this.chunksOf(job.jobId), chunkId) + index;
    for (const parent of job.tasks[place]?.depends_on ?? []) {
      const state = states[job.tasks.findIndex(({ id }) => id === parent)];
      const isMet = job.rule === 'run' ? state !== undefined && ended.includes(state) : state === 'succeeded';
      if (!isMet) this.faults.push(`${taskId} runs while ${parent}, which it waits for, is ${state}.`);
    }
  }

  /** A worker tells of runs that failed: the next attempt may begin. One that was asked to stop uses up none. */
  noteFailed({ chunk_id: chunkId, fence, failed }: LeaseOutcome): void {
    for (const { index, cancelled } of failed) {
      for (const [run, lease] of this.starts) {
        if (lease !== `${chunkId}#${fence}` || !run.startsWith(`${taskIdOf(chunkId, index)} `)) continue;
        this.repeatable.add(run);
        if (cancelled) this.starts.delete(run);
      }
    }
  }

  statesOf(jobId: string): TaskState[] {
    return this.chunksOf(jobId)
      .sort((one, other) => sequenceOf(one) - sequenceOf(other))
      .flatMap((chunk) => Array.from({ length: chunk.identity.count }, (_, index) => chunk.stateOf(index)));
  }

  /** Nobody can ask again for what is unknown of a cancelled job. */
  isOver({ jobId, mayBeCancelled }: KnownJob): boolean {
    const over: TaskState[] = ['succeeded', 'skipped', 'dead', 'cancelled'];
    if (mayBeCancelled) over.push('outcome_unknown', 'quarantined');
    return this.statesOf(jobId).every((state) => over.includes(state));
  }

  /** A deletion that is done says so. */
  async noteDeleted(deletions: Deletions): Promise<void> {
    const open = await deletions.unfinished('', 100);
    for (const job of this.jobs.values()) {
      const isAsked = await deletions.has(job.jobId);
      if (isAsked && !open.some(({ jobIds }) => jobIds.includes(job.jobId))) job.deleted = 'yes';
    }
  }

  /** Nothing is under way. */
  async check(service: ModelledService): Promise<void> {
    for (const job of this.jobs.values()) await this.checkJob(job, service);
  }

  private async checkJob(job: KnownJob, service: ModelledService): Promise<void> {
    const { jobId } = job;
    const record = await this.records.find(jobId);
    const states = this.statesOf(jobId);
    if (job.deleted === 'yes') {
      const left = [...this.stored.values()].some(({ job_id }) => job_id === jobId);
      if (record || left) this.faults.push(`${jobId} was deleted, and something of it is there.`);
      return;
    }
    if (!record) {
      if (job.accepted === 'yes' && job.deleted === 'no') this.faults.push(`${jobId} was accepted and is gone.`);
      return;
    }
    job.accepted = 'yes';
    // A pause ends with the job, which may be recovered later.
    if (isFinished(record.status)) job.paused = 'no';
    if (record.opened && states.length !== job.tasks.length && job.deleted === 'no') {
      this.faults.push(`${jobId} has ${states.length} tasks of ${job.tasks.length}.`);
    }
    for (const chunk of this.chunksOf(jobId)) this.checkChunk(chunk);
    if (job.deleted !== 'no') return;
    const isOver = record.opened === true && states.every((state) => ended.includes(state));
    const isHeld = job.paused !== 'no';
    if (isFinished(record.status) && !isOver) this.faults.push(`${jobId} is ${record.status} with tasks ${states.join(', ')}.`);
    if (!isFinished(record.status) && isOver && !isHeld && !states.some((state) => waiting.includes(state))) {
      this.faults.push(`${jobId} is ${record.status} though all of its tasks have ended: ${states.join(', ')}.`);
    }
    if (record.status === 'completed' && states.some((state) => state !== 'succeeded' && state !== 'skipped')) {
      this.faults.push(`${jobId} is completed with tasks ${states.join(', ')}.`);
    }
    this.checkCounts(jobId, states, service);
  }

  private checkCounts(jobId: string, states: readonly TaskState[], service: ModelledService): void {
    const counts = service.parts.ledger.get(jobId)?.snapshot().task_counts;
    if (!counts || service.parts.ledger.get(jobId)?.job.opened !== true) return;
    const real = new Map<string, number>();
    for (const state of states) real.set(state, (real.get(state) ?? 0) + 1);
    for (const state of new Set([...real.keys(), ...Object.keys(counts)])) {
      const [told, is] = [counts[state as TaskState] ?? 0, real.get(state) ?? 0];
      if (told !== is) this.faults.push(`${jobId} is counted with ${told} tasks that are ${state}, and has ${is}.`);
    }
  }

  private checkChunk(chunk: Chunk): void {
    for (let index = 0; index < chunk.identity.count; index += 1) {
      const taskId = taskIdOf(chunk.id, index);
      const state = chunk.stateOf(index);
      const before = this.ends.get(taskId);
      if (before !== undefined && before !== state) {
        this.faults.push(`${taskId} was ${before} and is ${state}.`);
      }
      if (final.includes(state)) this.ends.set(taskId, state);
      if (state === 'succeeded' && !this.done.has(taskId)) this.faults.push(`${taskId} succeeded, and nobody has run it.`);
      const holders = chunk.state.leases.filter(({ lost, indexes }) => !lost && indexes.includes(index)).length;
      const isHeld = state === 'leased' || state === 'running';
      if (isHeld !== (holders === 1)) this.faults.push(`${taskId} is ${state} under ${holders} leases.`);
    }
  }
}

/** Tasks of the job before a chunk. */
function placeIn(chunks: readonly Chunk[], chunkId: string): number {
  const own = sequenceOf({ id: chunkId });
  return chunks.filter((chunk) => sequenceOf(chunk) < own).reduce((sum, { identity }) => sum + identity.count, 0);
}

export function jobOfShape(number: number, shape: JobShape, key?: string): KnownJob {
  const { tasks, chained, safety, rule } = shape;
  const jobId = `job_01890a5d-ac96-774b-bcce-${String(number).padStart(12, '0')}`;
  const made = Array.from({ length: tasks }, (_, at): TaskInput => ({
    id: `t${at}`,
    payload: {},
    ...(chained && at > 0 ? { depends_on: [`t${at - 1}`] } : {}),
  }));
  const unknown = { accepted: 'unsure', paused: 'no', cancelled: false, mayBeCancelled: false, deleted: 'no' } as const;
  return { jobId, key: key ?? jobId, shape, tasks: made, safety, rule, ...unknown };
}
