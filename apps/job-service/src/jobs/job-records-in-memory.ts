import { isFinished } from '@kintsugi/contracts';
import { plainCopy } from '../platform/plain-copy.js';
import { prioritisableStatuses } from '../tasks/domain/task-priorities.js';
import { jobTransitions, mayMakeMove, type JobMove } from './domain/job-lifecycle.js';
import { awaitingStatuses, awaitsFor, brokenBy, metBy, type AwaitedEnd } from './domain/awaits-of-job.js';
import type { JobOutboxEntry, JobRecord } from './domain/job.js';
import type { JobChange, JobRecords, ProgressNote } from './job-records.js';
import type { DependentJob, JobStanding, JobWaits, WaitingJob } from './job-waits.js';
import type { CancelledWithParent, ChildJobs, Fate } from './child-jobs.js';
import { UniqueConflict } from './unique-conflict.js';

/** The records of jobs without a database, for specs: they keep to the same promises as those in MongoDB. */
export class JobRecordsInMemory implements JobRecords, JobWaits, ChildJobs {
  private readonly stored = new Map<string, JobRecord>();

  constructor(private readonly epoch = 1) {}

  async insert(job: JobRecord): Promise<boolean> {
    if (this.stored.has(job._id)) return false;
    this.requireFree(job._id, job.unique_hold);
    this.put({ ...job, epoch: this.epoch });
    return true;
  }

  async find(jobId: string): Promise<JobRecord | null> {
    const job = this.stored.get(jobId);
    return job ? plainCopy(job) : null;
  }

  /** The record itself, for who only looks at it: each change puts another in its place. */
  lookAt(jobId: string): Readonly<JobRecord> | undefined {
    return this.stored.get(jobId);
  }

  async holderOf(hold: string): Promise<string | null> {
    return this.where(({ unique_hold }) => unique_hold === hold)[0]?._id ?? null;
  }

  async setHold(jobId: string, hold: string | null): Promise<JobRecord | null> {
    const job = this.stored.get(jobId);
    if (!job || !isFinished(job.status)) return null;
    this.requireFree(jobId, hold);
    this.put({ ...job, unique_hold: hold });
    return this.find(jobId);
  }

  async retriesOf(jobId: string): Promise<string[]> {
    return this.where(({ original_job_id }) => original_job_id === jobId)
      .map(({ _id }) => _id)
      .sort();
  }

  async unfinished(): Promise<JobRecord[]> {
    const isIn = ({ status, executor }: JobRecord): boolean =>
      !isFinished(status) && status !== 'scheduled' && executor !== 'external';
    return this.where(isIn).sort((one, other) => (one._id < other._id ? -1 : 1));
  }

  async apply(jobId: string, move: JobMove, change: JobChange, event: JobOutboxEntry | null): Promise<JobRecord | null> {
    const job = this.stored.get(jobId);
    if (!job || !mayMakeMove(job.status, move)) return null;
    this.requireFree(jobId, change.unique_hold);
    this.put({ ...promising(job, event), ...change, status: jobTransitions[move].to, epoch: this.epoch });
    return this.find(jobId);
  }

  async setPriority(jobId: string, priority: number, event: JobOutboxEntry): Promise<JobRecord | null> {
    const job = this.stored.get(jobId);
    if (!job || !prioritisableStatuses.includes(job.status)) return null;
    this.put({ ...job, outbox: [...job.outbox, event], priority, priority_moving: true, epoch: this.epoch });
    return this.find(jobId);
  }

  async notePriorityMoved(jobId: string, priority: number): Promise<void> {
    const job = this.stored.get(jobId);
    if (job?.priority !== priority) return;
    const { priority_moving: _moving, ...moved } = job;
    this.put(moved);
  }

  async scheduledFrom(jobId: string): Promise<string[]> {
    return this.where(({ _id, status }) => status === 'scheduled' && _id >= jobId).map(({ _id }) => _id);
  }

  async due(by: Date, limit: number): Promise<JobRecord[]> {
    return this.toWake()
      .filter(({ wake_at: at }) => at !== undefined && at <= by)
      .slice(0, limit);
  }

  async nextWake(): Promise<number | null> {
    return this.toWake()[0]?.wake_at?.getTime() ?? null;
  }

  async noteWoken({ _id, awaits }: JobRecord, next: Date | null): Promise<void> {
    const job = this.stored.get(_id);
    if (!job || job.awaits?.length !== awaits?.length) return;
    const { wake_at: _woken, ...others } = job;
    this.put({ ...others, ...(next ? { wake_at: next } : {}) });
  }

  async remove(jobId: string): Promise<void> {
    const status = this.stored.get(jobId)?.status;
    if (status === 'deleting' || (status && isFinished(status))) this.stored.delete(jobId);
  }

  async noteOpened(jobId: string): Promise<void> {
    const job = this.stored.get(jobId);
    if (job) this.put({ ...job, opened: true });
  }

  async notePlanned(jobId: string, total: number, chunks: number, event: JobOutboxEntry): Promise<boolean> {
    const job = this.stored.get(jobId);
    if (!job || job.total_tasks !== null) return false;
    this.put({ ...promising(job, event), total_tasks: total, chunks });
    return true;
  }

  async noteProgress(notes: readonly ProgressNote[]): Promise<void> {
    for (const { jobId, change } of notes) {
      const job = this.stored.get(jobId);
      if (job && !isFinished(job.status)) this.put({ ...job, ...change });
    }
  }

  async withOutbox(before: number, limit: number): Promise<JobRecord[]> {
    return this.where(({ outbox }) => outbox.some(({ at }) => at < before)).slice(0, limit);
  }

  async clearOutbox(jobIds: readonly string[], eventIds: readonly string[]): Promise<void> {
    for (const jobId of jobIds) {
      const job = this.stored.get(jobId);
      if (job) this.put({ ...job, outbox: job.outbox.filter(({ id }) => !eventIds.includes(id)) });
    }
  }

  async standings(jobIds: readonly string[]): Promise<Map<string, JobStanding>> {
    return new Map(this.where(({ _id }) => jobIds.includes(_id)).map(({ _id, status, tenant }) => [_id, { status, tenant }]));
  }

  async settle(ends: readonly AwaitedEnd[], now: Date, only?: string): Promise<void> {
    const met = ends.flatMap(metBy);
    for (const { _id, awaits = [] } of await this.waiting('', Infinity)) {
      const job = this.stored.get(_id);
      if (!job || (only !== undefined && _id !== only)) continue;
      const end = ends.find((one) => awaits.includes(brokenBy(one) ?? ''));
      const left = end ? [] : awaits.filter((one) => !met.includes(one));
      if (left.length === awaits.length) continue;
      const given_up = end ? { given_up: { job_id: end.jobId, became: end.became } } : {};
      this.put({
        ...job,
        awaits: left,
        ...given_up,
        ...(left.length > 0 ? {} : { wake_at: now, ...(end ? {} : { freed_at: now }) }),
      });
    }
  }

  async waiting(afterId: string, limit: number): Promise<WaitingJob[]> {
    return this.where(({ _id, status, awaits = [] }) => {
      return _id > afterId && awaits.length > 0 && (awaitingStatuses as readonly string[]).includes(status);
    })
      .map(({ _id, awaits = [] }) => ({ _id, awaits }))
      .sort((one, other) => (one._id < other._id ? -1 : 1))
      .slice(0, limit);
  }

  async waitingFor(jobIds: readonly string[], limit: number): Promise<DependentJob[]> {
    const wanted = new Set(awaitsFor(jobIds));
    const waiting = await this.waiting('', Infinity);
    const found = waiting.filter(({ awaits }) => awaits.some((one) => wanted.has(one))).slice(0, limit);
    return found.map(({ _id, awaits }) => {
      const { status, tenant, parent_job_id } = this.stored.get(_id) as JobRecord;
      return { _id, awaits, status, tenant, ...(parent_job_id === undefined ? {} : { parent_job_id }) };
    });
  }

  async of(parentId: string, newest: number): Promise<{ count: number; newest: string[] }> {
    const ids = this.where(({ parent_job_id: parent }) => parent === parentId).map(({ _id }) => _id);
    return { count: ids.length, newest: ids.sort().reverse().slice(0, newest) };
  }

  async befallen(parentIds: readonly string[], fate: Fate, hasEnded: boolean | null, limit: number): Promise<string[]> {
    const isWanted = ({ parent_job_id: parent = '', with_parent: fates = [], status }: JobRecord): boolean =>
      parentIds.includes(parent) && fates.includes(fate) && (hasEnded === null || isFinished(status) === hasEnded);
    const ids = this.where(isWanted).map(({ _id }) => _id);
    return ids.sort().slice(0, limit);
  }

  async toCancel(afterId: string, limit: number): Promise<CancelledWithParent[]> {
    const open = this.where(({ _id, status, with_parent: fates = [] }) => {
      return _id > afterId && fates.includes('cancel') && !isFinished(status) && status !== 'cancelling';
    });
    const found = open.map(({ _id, parent_job_id: parentId = '' }) => ({ jobId: _id, parentId }));
    return found.sort((one, other) => (one.jobId < other.jobId ? -1 : 1)).slice(0, limit);
  }

  private requireFree(jobId: string, hold: string | null | undefined): void {
    if (!hold) return;
    const holder = this.where(({ _id, unique_hold }) => unique_hold === hold && _id !== jobId)[0];
    if (holder) throw new UniqueConflict(hold, holder._id);
  }

  private toWake(): JobRecord[] {
    return this.where(({ wake_at: at }) => at !== undefined).sort((a, b) => Number(a.wake_at) - Number(b.wake_at));
  }

  private where(isWanted: (job: JobRecord) => boolean): JobRecord[] {
    return [...this.stored.values()].filter(isWanted).map((job) => plainCopy(job));
  }

  private put(job: JobRecord): void {
    this.stored.set(job._id, plainCopy(job));
  }
}

function promising(job: JobRecord, event: JobOutboxEntry | null): JobRecord {
  return event ? { ...job, outbox: [...job.outbox, event], events: job.events + 1 } : job;
}
