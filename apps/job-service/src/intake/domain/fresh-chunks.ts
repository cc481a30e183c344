import {
  PLAN_SEQUENCE,
  chunkIdOf,
  limits,
  parentIdsIn,
  planQueueOf,
  utf8Length,
  type BatchJob,
  type Actor,
  type Labels,
  type RetrySettings,
  type SafetyClass,
  type TaskCounts,
} from '@kintsugi/contracts';
import type { Dependencies } from '../../dependencies/check-dependencies.js';
import { Chunk, type ChunkIdentity } from '../../tasks/domain/chunk.js';
import { headOf, keptTenant, toldLabels, type GivenHead } from '../../tasks/domain/job-head.js';
import type { JobRecord } from '../../jobs/domain/job.js';
import { holdPart, widened } from '../../jobs/domain/unique-hold.js';

/** What the chunks of a job have from it. */
export interface ChunkOwner {
  jobId: string;
  type: string;
  priority: number;
  safety: SafetyClass;
  retryConfig: RetrySettings | null;
  /** Left out while it is not known, as of an upload under way. */
  tenant?: string;
  timeoutS?: number | undefined;
  labels?: Labels;
  deadlineAt?: string | undefined;
  traceparent?: string | undefined;
}

export function ownerOf(job: JobRecord): ChunkOwner {
  const { _id: jobId, type, priority, safety, retry_config: retryConfig, tenant, timeout_s: timeoutS } = job;
  const told = { ...toldLabels(job.labels), deadlineAt: job.deadline_at, traceparent: job.traceparent };
  return { jobId, type, priority, safety, retryConfig, tenant, timeoutS, ...told };
}

export function freshChunk(owner: ChunkOwner, sequence: number, lines: string[], acceptedAt: number): Chunk {
  const chunk = Chunk.fresh(
    { ...identityOf(owner, acceptedAt), id: chunkIdOf(owner.jobId, sequence), queue: owner.type, count: lines.length },
    lines,
  );
  lines.forEach((line, index) => {
    if (parentIdsIn(line).length > 0) chunk.move(index, 'block');
  });
  return chunk;
}

/** The single task that a planner runs to make a job's tasks; its payload is the job as the plan handler sees it. */
export function planChunk(owner: ChunkOwner, job: JobRecord, acceptedAt: number): Chunk {
  const { _id: id, type, product_id, sending_group_id, user_id, labels } = job;
  const line = JSON.stringify({ payload: { id, type, product_id, sending_group_id, user_id, labels } });
  // Planning twice is harmless: what an earlier planner staged is dropped.
  const identity = { ...identityOf({ ...owner, timeoutS: undefined }, acceptedAt), safety: 'idempotent' as const };
  return Chunk.fresh({ ...identity, id: chunkIdOf(owner.jobId, PLAN_SEQUENCE), queue: planQueueOf(owner.type), count: 1 }, [
    line,
  ]);
}

/** Task lines in groups that fit into a chunk. */
export function chunkedLines(lines: readonly string[]): string[][] {
  const groups: string[][] = [];
  let group: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const lineBytes = utf8Length(line) + 1;
    if (group.length === limits.tasksPerChunk || (group.length > 0 && bytes + lineBytes > limits.chunkBytes)) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(line);
    bytes += lineBytes;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** How the tasks of a job stand before anything of it has run. */
export function countsAtFirst(total: number, blocked: number): TaskCounts {
  return blocked > 0 ? { ready: total - blocked, blocked } : { ready: total };
}

/** What is known of a job beside what was handed in. */
export interface GivenWith {
  type: string;
  userId: string;
  tenant: string;
  /** Left out where the audit tells of it by itself. */
  madeBy?: Actor;
  /** The jobs that go before it. */
  dependencies?: Dependencies | undefined;
  /** Where a handler makes it: the job of its task, and what befalls it with that. */
  lineage?: Lineage | undefined;
  /** The span in which it is accepted, where that is traced. */
  traceparent?: string | undefined;
}

export type Lineage = Required<Pick<BatchJob, 'parent_job_id' | 'with_parent'>>;

/** A new job as it is stored before anything of it has run. */
export function freshJob(
  jobId: string,
  data: Omit<GivenHead, 'type' | 'user_id' | 'tenant'>,
  given: GivenWith & { total: number | null; chunks: number | null; now: number },
): JobRecord {
  const { run_at: runAt, deadline_at: deadlineAt, unique: givenUnique, ...asked } = data;
  const unique = givenUnique && widened(givenUnique);
  const wakeAt = runAt === undefined ? null : new Date(runAt);
  // What may run since a time that has passed may run at once.
  const isToCome = wakeAt !== null && wakeAt.getTime() > given.now;
  const { depends_on, awaits = [] } = given.dependencies ?? {};
  const status = isToCome || awaits.length > 0 ? 'scheduled' : 'pending';
  return {
    _id: jobId,
    status,
    ...(given.madeBy ? { made_by: given.madeBy } : {}),
    ...(given.traceparent === undefined ? {} : { traceparent: given.traceparent }),
    ...(unique ? holdPart({ unique, tenant: given.tenant }, status) : {}),
    ...headOf({
      ...asked,
      ...given.lineage,
      ...(awaits.length > 0 ? { awaited_jobs: awaits.length } : {}),
      unique,
      type: given.type,
      user_id: given.userId,
      tenant: given.tenant,
    }),
    ...(deadlineAt === undefined ? {} : { deadline_at: new Date(deadlineAt).toISOString(), wake_at: new Date(deadlineAt) }),
    ...(isToCome ? { run_at: wakeAt.toISOString(), wake_at: wakeAt } : {}),
    ...(depends_on ? { depends_on } : {}),
    ...(awaits.length > 0 ? { awaits } : {}),
    total_tasks: given.total,
    chunks: given.chunks,
    opened: false,
    task_counts: given.total === null ? {} : countsAtFirst(given.total, 0),
    first_try: 0,
    recovered: 0,
    retries: 0,
    error_types: {},
    task_ms: {},
    outcome_ms: {},
    created_at: new Date(given.now).toISOString(),
    started_at: null,
    finished_at: null,
    events: 0,
    epoch: 0,
    outbox: [],
  };
}

function identityOf(owner: ChunkOwner, acceptedAt: number): Omit<ChunkIdentity, 'id' | 'queue' | 'count'> {
  const { jobId, priority, safety, retryConfig, tenant, timeoutS, labels, deadlineAt, traceparent } = owner;
  const said = {
    ...keptTenant(tenant),
    ...(timeoutS === undefined ? {} : { timeoutS }),
    ...(labels === undefined ? {} : { labels }),
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return { jobId, priority, safety, acceptedAt, retryConfig, ...said, jobs: null };
}
