import {
  brokenTaskStates,
  endedTaskStates,
  isFinished,
  taskIdOf,
  type LeaseOutcome,
  type TaskPlace,
  type TaskState,
  type WorkHeader,
} from '@kintsugi/contracts';
import type { Deletions } from '../../jobs/deletions.js';
import type { JobRecord } from '../../jobs/domain/job.js';
import type { JobRecordsInMemory } from '../../jobs/job-records-in-memory.js';
import { bundledJobEnd } from '../../tasks/domain/bundled-job-status.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import type { KnownJob, ModelledJobs } from './modelled-jobs.js';
import type { ModelledService, Surviving } from './modelled-service.js';

const ended: readonly TaskState[] = endedTaskStates;
const broken: readonly TaskState[] = brokenTaskStates;
/** What nothing changes any more. */
const final: readonly TaskState[] = ['succeeded', 'cancelled'];
/** What waits for a person. */
const waiting: readonly TaskState[] = ['quarantined', 'outcome_unknown'];

/** What must hold after every command, whatever came before. What does not is a fault, in words. */
export class ModelledPromises {
  readonly faults: string[] = [];
  /** Tasks of which a worker has once said that they were done. */
  readonly done = new Set<string>();
  /** Attempts of unsafe tasks that a worker has said have failed, or a person asked for again. */
  readonly repeatable = new Set<string>();
  private readonly ends = new Map<string, TaskState>();
  /** Tasks that have come to an end, though some were run again since: what waited for them any way is free from then on. */
  private readonly everEnded = new Set<string>();
  private readonly starts = new Map<string, string>();
  private readonly leases = new Set<string>();
  /** Nothing changes a chunk that was read: one that has been checked need not be checked again. */
  private readonly checked = new WeakSet<Chunk>();
  private readonly records: JobRecordsInMemory;

  constructor(
    private readonly surviving: Surviving,
    private readonly jobs: ModelledJobs,
  ) {
    this.records = surviving.jobs;
  }

  /** A job came with a key that others have, or had. */
  noteHolder(copy: KnownJob, holder: string): void {
    const others = this.jobs.all.filter(({ key, jobId }) => key === copy.key && jobId !== copy.jobId);
    const known = others.find(({ accepted, deleted }) => accepted === 'yes' && deleted === 'no');
    if (known && holder !== known.jobId) this.faults.push(`${holder} has the key of ${known.jobId}.`);
    if (holder !== copy.jobId && !others.some(({ jobId }) => jobId === holder)) {
      this.faults.push(`${holder} has a key of others.`);
    }
    if (holder !== copy.jobId && this.jobs.isStored(copy)) {
      this.faults.push(`${copy.jobId} was not made, and something of it is there.`);
    }
  }

  /** Jobs of one task were asked for, each under a key: there is one of it, and the answer names it. */
  noteSingles(keys: readonly string[], holders: readonly string[]): void {
    this.jobs.findBundled();
    keys.forEach((key, at) => {
      const made = this.jobs.all.filter((job) => job.key === key).map(({ jobId }) => jobId);
      if (made.length !== 1 || made[0] !== holders[at]) {
        this.faults.push(`${key} was answered with ${holders[at]} and has made ${made.join(' and ')}.`);
      }
    });
  }

  /** A slice has left for a worker. */
  noteSent({ chunk_id: chunkId, fence, indexes, attempts }: WorkHeader, worker: string): void {
    const lease = `${chunkId}#${fence}`;
    if (this.leases.has(lease)) return;
    this.leases.add(lease);
    const document = this.surviving.stored.get(chunkId);
    if (!document?.leases.some((kept) => kept.fence === fence && kept.worker_id === worker)) {
      this.faults.push(`${lease} was sent before it was safe.`);
    }
    indexes.forEach((index, position) => this.noteStart({ chunkId, index }, attempts[position] ?? 1, lease));
  }

  private noteStart(place: TaskPlace, attempt: number, lease: string): void {
    const job = this.jobs.at(place);
    if (!job) {
      this.faults.push(`${lease} was sent of no job.`);
      return;
    }
    if (job.paused === 'yes') this.faults.push(`${lease} was sent while ${job.jobId} is paused.`);
    if (job.cancelled) this.faults.push(`${lease} was sent of ${job.jobId}, which was cancelled.`);
    if (job.deleted === 'yes') this.faults.push(`${lease} was sent of ${job.jobId}, which was deleted.`);
    const taskId = taskIdOf(place.chunkId, place.index);
    const run = `${taskId} ${attempt}`;
    const earlier = this.starts.get(run);
    if (earlier) this.faults.push(`Attempt ${run} was given as ${earlier} and as ${lease}.`);
    this.starts.set(run, lease);
    if (job.safety === 'unsafe' && attempt > 1 && !this.repeatable.has(`${taskId} ${attempt - 1}`)) {
      this.faults.push(`The unsafe task ${taskId} runs again though nobody knows how attempt ${attempt - 1} ended.`);
    }
    // What others waited for may be run again, when somebody asks for it, while they are tried again.
    if (attempt === 1 && job.shape.chained) this.checkParents(job, place);
  }

  private checkParents(job: KnownJob, { chunkId, index }: TaskPlace): void {
    const tasks = this.jobs.tasksOf(job);
    const at = tasks.findIndex((task) => task.chunkId === chunkId && task.index === index);
    for (const parent of job.tasks[at]?.depends_on ?? []) {
      const before = tasks[job.tasks.findIndex(({ id }) => id === parent)];
      const state = before?.chunk.stateOf(before.index);
      const hasEnded =
        before &&
        (ended.includes(before.chunk.stateOf(before.index)) || this.everEnded.has(taskIdOf(before.chunkId, before.index)));
      const isMet = job.rule === 'run' ? hasEnded : state === 'succeeded';
      if (!isMet) this.faults.push(`${taskIdOf(chunkId, index)} runs while ${parent}, which it waits for, is ${state}.`);
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

  /** Nobody can ask again for what is unknown of a cancelled job. */
  isOver(job: KnownJob): boolean {
    const over: TaskState[] = ['succeeded', 'skipped', 'dead', 'cancelled'];
    if (job.mayBeCancelled) over.push('outcome_unknown', 'quarantined');
    return this.jobs.statesOf(job).every((state) => over.includes(state));
  }

  /** A deletion that is done says so. */
  async noteDeleted(deletions: Deletions): Promise<void> {
    const open = await deletions.unfinished('', 100);
    for (const job of this.jobs.all) {
      const isAsked = job.deleted === 'asked' && (await deletions.has(job.jobId));
      if (isAsked && !open.some(({ jobIds }) => jobIds.includes(job.jobId))) job.deleted = 'yes';
    }
  }

  /** Nothing is under way. */
  check(service: ModelledService): void {
    this.jobs.findBundled();
    for (const chunk of this.jobs.allChunks()) if (!this.checked.has(chunk)) this.checkChunk(chunk);
    for (const job of this.jobs.all) {
      if (job.isBundled) this.checkBundled(job);
      else this.checkOwned(job, service);
    }
  }

  /** Whether a job is there that is neither to be gone, nor to be there and gone. */
  private isThere(job: KnownJob, isThere: boolean): boolean {
    const { jobId, accepted, deleted } = job;
    if (deleted === 'yes' && (isThere || this.jobs.isStored(job))) {
      this.faults.push(`${jobId} was deleted, and something of it is there.`);
    }
    if (!isThere && accepted === 'yes' && deleted === 'no') this.faults.push(`${jobId} was accepted and is gone.`);
    if (isThere) job.accepted = 'yes';
    return isThere && deleted !== 'yes';
  }

  private checkBundled(job: KnownJob): void {
    const [state] = this.jobs.statesOf(job);
    if (!this.isThere(job, state !== undefined) || !state) return;
    if (bundledJobEnd(state)) job.paused = 'no';
  }

  private checkOwned(job: KnownJob, service: ModelledService): void {
    const { jobId } = job;
    const record = this.records.lookAt(jobId);
    if (!this.isThere(job, record !== undefined) || !record) return;
    // A pause ends with the job, which may be recovered later.
    if (isFinished(record.status)) job.paused = 'no';
    const states = this.jobs.statesOf(job);
    if (record.opened && states.length !== job.tasks.length && job.deleted === 'no') {
      this.faults.push(`${jobId} has ${states.length} tasks of ${job.tasks.length}.`);
    }
    if (job.deleted !== 'no') return;
    this.checkStatus(job, record, states);
    this.checkCounts(jobId, states, service);
  }

  private checkStatus({ jobId, paused }: KnownJob, { status, opened }: JobRecord, states: readonly TaskState[]): void {
    const told = `${jobId} is ${status} with tasks ${states.join(', ')}.`;
    const isOver = opened && states.every((state) => ended.includes(state));
    if (isFinished(status) && !isOver) this.faults.push(told);
    if (!isFinished(status) && isOver && paused === 'no' && !states.some((state) => waiting.includes(state))) {
      this.faults.push(told);
    }
    if (status === 'completed' && states.some((state) => state !== 'succeeded' && state !== 'skipped')) this.faults.push(told);
    if (status === 'failed' && !states.some((state) => broken.includes(state))) this.faults.push(told);
  }

  private checkCounts(jobId: string, states: readonly TaskState[], service: ModelledService): void {
    const entry = service.parts.ledger.get(jobId);
    if (!entry?.job.opened) return;
    const real = new Map<string, number>();
    for (const state of states) real.set(state, (real.get(state) ?? 0) + 1);
    for (const state of new Set([...real.keys(), ...Object.keys(entry.counts)])) {
      const [told, is] = [entry.counts[state as TaskState] ?? 0, real.get(state) ?? 0];
      if (told !== is) this.faults.push(`${jobId} is counted with ${told} tasks that are ${state}, and has ${is}.`);
    }
  }

  private checkChunk(chunk: Chunk): void {
    this.checked.add(chunk);
    for (let index = 0; index < chunk.identity.count; index += 1) {
      // Of a place whose job was deleted nothing is known any more.
      if (chunk.identity.jobs?.[index] === null) continue;
      const taskId = taskIdOf(chunk.id, index);
      const state = chunk.stateOf(index);
      const before = this.ends.get(taskId);
      if (before !== undefined && before !== state) {
        this.faults.push(`${taskId} was ${before} and is ${state}.`);
      }
      if (ended.includes(state)) this.everEnded.add(taskId);
      if (final.includes(state)) this.ends.set(taskId, state);
      if (state === 'succeeded' && !this.done.has(taskId)) this.faults.push(`${taskId} succeeded, and nobody has run it.`);
      const holders = chunk.state.leases.filter(({ lost, indexes }) => !lost && indexes.includes(index)).length;
      const isHeld = state === 'leased' || state === 'running';
      if (isHeld !== (holders === 1)) this.faults.push(`${taskId} is ${state} under ${holders} leases.`);
    }
  }
}
