import {
  bundledJobId,
  type DependencyFailureRule,
  type SafetyClass,
  type TaskInput,
  type TaskPlace,
  type TaskState,
} from '@kintsugi/contracts';
import type { StoredChunks } from '../../tasks/chunk-record-in-memory.js';
import { sequenceOf } from '../../tasks/domain/chunk-sequence.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { chunkFrom, type ChunkDocument } from '../../tasks/mongo/chunk-document.js';

export interface JobShape {
  tasks: number;
  /** Each task waits for the one before. */
  chained: boolean;
  safety: SafetyClass;
  rule: DependencyFailureRule;
}

/** A job as it is asked for. */
export interface ModelledJob {
  jobId: string;
  /** No other job of it is made while there is one. */
  key: string;
  tasks: TaskInput[];
  safety: SafetyClass;
  rule: DependencyFailureRule;
}

/** What is known of a job by what was asked and answered. `unsure`: the service was killed before it answered. */
export interface KnownJob extends ModelledJob {
  shape: JobShape;
  /** Whether it lives at a place of a bundle, without a record. */
  isBundled: boolean;
  accepted: 'yes' | 'unsure';
  paused: 'yes' | 'no' | 'unsure';
  cancelled: boolean;
  mayBeCancelled: boolean;
  deleted: 'yes' | 'no' | 'asked';
}

/** A task as the record has it. */
export interface StoredTask extends TaskPlace {
  chunk: Chunk;
}

/** The jobs of the model, and how they stand in the record. */
export class ModelledJobs {
  private readonly known = new Map<string, KnownJob>();
  /** Documents are replaced and never changed: each is read once. */
  private readonly chunks = new WeakMap<ChunkDocument, Chunk>();

  constructor(private readonly stored: StoredChunks) {}

  get all(): KnownJob[] {
    return [...this.known.values()];
  }

  add(job: KnownJob): KnownJob {
    this.known.set(job.jobId, job);
    return job;
  }

  forget(jobId: string): void {
    this.known.delete(jobId);
  }

  pick(at: number): KnownJob | undefined {
    return this.all[at % Math.max(1, this.known.size)];
  }

  /** The job of a task that is stored or was. Of one in a bundle nobody may have been told: the service was killed before. */
  at({ chunkId, index }: TaskPlace): KnownJob | undefined {
    const document = this.stored.get(chunkId);
    if (!document) return undefined;
    if (document.job_id !== null) return this.known.get(document.job_id);
    const jobId = bundledJobId(chunkId, index);
    const isThere = Boolean(document.jobs?.[index]);
    return this.known.get(jobId) ?? (isThere ? this.add(bundledJob(jobId, document, index)) : undefined);
  }

  /** Takes up what is stored in bundles. */
  findBundled(): void {
    for (const { _id: chunkId, jobs } of this.stored.values()) jobs?.forEach((_, index) => this.at({ chunkId, index }));
  }

  /** All chunks with tasks of accepted jobs. */
  allChunks(): Chunk[] {
    return [...this.stored.values()].filter(({ staged_at }) => !staged_at).map((document) => this.chunkOf(document));
  }

  tasksOf({ jobId, isBundled }: KnownJob): StoredTask[] {
    return isBundled ? this.taskInBundle(jobId) : this.chunksOf(jobId).flatMap(tasksIn);
  }

  statesOf(job: KnownJob): TaskState[] {
    return this.tasksOf(job).map(({ chunk, index }) => chunk.stateOf(index));
  }

  /** Whether anything of a job is stored, staged or real. */
  isStored({ jobId, isBundled }: KnownJob): boolean {
    if (isBundled) return this.taskInBundle(jobId).length > 0;
    for (const { job_id } of this.stored.values()) if (job_id === jobId) return true;
    return false;
  }

  private chunksOf(jobId: string): Chunk[] {
    const own: Chunk[] = [];
    for (const document of this.stored.values()) {
      if (document.job_id === jobId && !document.staged_at) own.push(this.chunkOf(document));
    }
    return own.sort((one, other) => sequenceOf(one) - sequenceOf(other));
  }

  private taskInBundle(jobId: string): StoredTask[] {
    for (const document of this.stored.values()) {
      const index = document.jobs?.findIndex((job) => job?.id === jobId) ?? -1;
      if (index >= 0) return [{ chunk: this.chunkOf(document), chunkId: document._id, index }];
    }
    return [];
  }

  private chunkOf(document: ChunkDocument): Chunk {
    const known = this.chunks.get(document);
    if (known) return known;
    const chunk = chunkFrom(document);
    this.chunks.set(document, chunk);
    return chunk;
  }
}

function tasksIn(chunk: Chunk): StoredTask[] {
  return Array.from({ length: chunk.identity.count }, (_, index) => ({ chunk, chunkId: chunk.id, index }));
}

const unasked = { accepted: 'unsure', paused: 'no', cancelled: false, mayBeCancelled: false, deleted: 'no' } as const;

export function jobOfShape(number: number, shape: JobShape, key?: string): KnownJob {
  const { tasks, chained, safety, rule } = shape;
  const jobId = `job_${modelledUuid(number)}`;
  const made = Array.from({ length: tasks }, (_, at): TaskInput => ({
    id: `t${at}`,
    payload: {},
    ...(chained && at > 0 ? { depends_on: [`t${at - 1}`] } : {}),
  }));
  return { jobId, key: key ?? jobId, shape, tasks: made, safety, rule, isBundled: false, ...unasked };
}

/** The key under which it was asked for is kept where nothing else looks at it. */
function bundledJob(jobId: string, { jobs, safety }: ChunkDocument, index: number): KnownJob {
  const key = jobs?.[index]?.sending_group_id ?? '';
  const shape = { tasks: 1, chained: false, safety, rule: 'fail' } as const;
  return { jobId, key, shape, tasks: [{ payload: {} }], safety, rule: 'fail', isBundled: true, ...unasked, accepted: 'yes' };
}

export function modelledUuid(number: number): string {
  return `01890a5d-ac96-774b-bcce-${String(number).padStart(12, '0')}`;
}
