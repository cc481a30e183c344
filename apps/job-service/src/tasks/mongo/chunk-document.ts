import { Binary } from 'mongodb';
import type { Labels, RetrySettings, SafetyClass, TaskCounts } from '@kintsugi/contracts';
import type { ChunkChange } from '../domain/chunk-change.js';
import { sequenceOf } from '../domain/chunk-sequence.js';
import { Chunk, type BundledJob, type ChunkIdentity, type Lease, type OutboxEntry } from '../domain/chunk.js';
import type { MadeBy } from '../domain/made-by.js';
import { noExtras, type TaskExtras } from '../domain/task-extras.js';

interface LeaseDocument {
  fence: number;
  worker_id: string;
  indexes: number[];
  leased_at: number;
  lost?: true;
}

/** When what is staged for a job that waits for its time was staged, for the index that removes what is a day old. */
export const forGood = new Date('9999-01-01T00:00:00.000Z');

/** A chunk as it is stored. The payload is the text that was accepted; states are a letter a task. */
export interface ChunkDocument {
  _id: string;
  job_id: string | null;
  /** Place in the job, of its plan too. */
  sequence: number;
  jobs: (BundledJob | null)[] | null;
  queue: string;
  priority: number;
  /** What a bundle was accepted with, once one of its jobs has a priority of its own. */
  base_priority?: number;
  safety: SafetyClass;
  retry_config: RetrySettings | null;
  tenant?: string;
  timeout_s?: number;
  labels?: Labels;
  deadline_at?: string;
  traceparent?: string;
  /** Of a bundle: who has made its jobs. */
  made_by?: readonly MadeBy[];
  count: number;
  accepted_at: number;
  tasks: string;
  /** Present while the chunk is not part of an accepted job; MongoDB removes it a day later. */
  staged_at?: Date;
  /** The lease of the planner that sent it, while staged. */
  plan_fence?: number;
  version: number;
  /** Who wrote it last: an epoch of leadership, and the number of the write in it. */
  epoch: number;
  write?: number;
  fence: number;
  events: number;
  states: string;
  attempts: Binary;
  failures: Binary;
  started_at: Binary;
  took_us: Binary;
  leases: LeaseDocument[];
  extras: { [Kind in keyof TaskExtras]: Record<string, TaskExtras[Kind][number]> };
  outbox: OutboxEntry[];
  tally: TaskCounts;
  /** Ready tasks, and tasks that keep the job from ending: for indexes and sums. */
  ready: number;
  open: number;
  first_try: number;
  recovered: number;
  retries: number;
}

/** Everything that a write of a changed chunk sets; the extras are added one by one. */
export function mutablePart({ state, tally, ready, open, priorities, places }: ChunkChange, epoch: number) {
  return {
    ...priorities,
    ...placesPart(places),
    epoch,
    fence: state.fence,
    events: state.events,
    states: Buffer.from(state.states).toString('latin1'),
    attempts: binaryOf(state.attempts),
    failures: binaryOf(state.failures),
    started_at: binaryOf(state.startedAt),
    took_us: binaryOf(state.tookUs),
    leases: state.leases.map(leaseDocument),
    tally,
    ready,
    open,
    first_try: state.firstTry,
    recovered: state.recovered,
    retries: state.retries,
  };
}

function placesPart(places: ChunkChange['places']): Partial<Pick<ChunkDocument, 'tasks' | 'jobs'>> {
  return places ? { tasks: places.tasks, jobs: places.jobs && [...places.jobs] } : {};
}

/** A new chunk as its first change leaves it. */
export function chunkDocument(change: ChunkChange, epoch: number): ChunkDocument {
  const { identity, lines } = change.chunk;
  const extras: ChunkDocument['extras'] = noExtras();
  for (const [kind, index, value] of change.extras) if (value !== undefined) extras[kind][index] = value;
  return {
    _id: identity.id,
    job_id: identity.jobId,
    sequence: sequenceOf(identity),
    jobs: identity.jobs ? [...identity.jobs] : null,
    queue: identity.queue,
    priority: identity.priority,
    safety: identity.safety,
    retry_config: identity.retryConfig,
    ...(identity.tenant === undefined ? {} : { tenant: identity.tenant }),
    ...(identity.timeoutS === undefined ? {} : { timeout_s: identity.timeoutS }),
    ...(identity.labels === undefined ? {} : { labels: identity.labels }),
    ...(identity.deadlineAt === undefined ? {} : { deadline_at: identity.deadlineAt }),
    ...(identity.traceparent === undefined ? {} : { traceparent: identity.traceparent }),
    ...(identity.madeBy === undefined ? {} : { made_by: identity.madeBy }),
    count: identity.count,
    accepted_at: identity.acceptedAt,
    tasks: lines?.join('\n') ?? '',
    version: change.version,
    ...mutablePart(change, epoch),
    extras,
    outbox: [...change.promised],
  };
}

/** The chunk that a document holds; `tasks` may be projected away where no payload is needed. */
export function chunkFrom(document: ChunkDocument): Chunk {
  const identity: ChunkIdentity = {
    id: document._id,
    jobId: document.job_id,
    queue: document.queue,
    priority: document.base_priority ?? document.priority,
    safety: document.safety,
    count: document.count,
    acceptedAt: document.accepted_at,
    retryConfig: document.retry_config,
    ...(document.tenant === undefined ? {} : { tenant: document.tenant }),
    ...(document.timeout_s === undefined ? {} : { timeoutS: document.timeout_s }),
    ...(document.labels === undefined ? {} : { labels: document.labels }),
    ...(document.deadline_at === undefined ? {} : { deadlineAt: document.deadline_at }),
    ...(document.traceparent === undefined ? {} : { traceparent: document.traceparent }),
    jobs: document.jobs,
  };
  return new Chunk(
    identity,
    {
      version: document.version,
      fence: document.fence,
      events: document.events,
      states: stateCodes(document.states),
      attempts: new Uint8Array(bytesOf(document.attempts)),
      failures: new Uint8Array(bytesOf(document.failures)),
      startedAt: new Float64Array(bytesOf(document.started_at)),
      tookUs: new Uint32Array(bytesOf(document.took_us)),
      leases: document.leases.map(leaseFrom),
      extras: { ...noExtras(), ...document.extras },
      outbox: document.outbox,
      firstTry: document.first_try,
      recovered: document.recovered,
      retries: document.retries,
    },
    document.tasks === undefined ? null : document.tasks.split('\n'),
  );
}

function stateCodes(letters: string): Uint8Array {
  const codes = new Uint8Array(letters.length);
  for (let index = 0; index < letters.length; index += 1) {
    const code = letters.charCodeAt(index);
    if (!Chunk.stateOfCode(code)) throw new Error(`A chunk holds the unknown task state ${letters[index]}.`);
    codes[index] = code;
  }
  return codes;
}

function binaryOf({ buffer, byteOffset, byteLength }: Uint8Array | Float64Array | Uint32Array): Binary {
  return new Binary(Buffer.from(buffer, byteOffset, byteLength));
}

export function bytesOf(binary: Binary): ArrayBuffer {
  const { buffer, position } = binary;
  return new Uint8Array(buffer.subarray(0, position)).buffer;
}

function leaseDocument(lease: Lease): LeaseDocument {
  const { fence, workerId, indexes, leasedAt, lost } = lease;
  return { fence, worker_id: workerId, indexes: [...indexes], leased_at: leasedAt, ...(lost ? { lost } : {}) };
}

function leaseFrom(lease: LeaseDocument): Lease {
  const { fence, worker_id: workerId, indexes, leased_at: leasedAt, lost } = lease;
  return { fence, workerId, indexes, leasedAt, ...(lost ? { lost } : {}) };
}
