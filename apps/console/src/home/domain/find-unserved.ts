import { queueNeededBy, type BatchJob, type Fleet, type JobHistoryPage } from '@kintsugi/contracts';
import { isUnserved, unservedTypes } from '../../jobs/domain/job-progress.js';

/** Pages of open jobs that are read where nothing else tells which types wait. */
export const pagesMax = 5;
/** Types that are asked for one by one. */
export const typesMax = 20;
/** Queues that the platform tells of at most: those that have waited longest. */
export const queuesMax = 200;

type Listed = Pick<BatchJob, 'id' | 'type' | 'status' | 'total_tasks' | 'task_counts' | 'executor' | 'waiting_reason'>;
type Waiting = Pick<Fleet['queues'][number], 'type' | 'oldest_ready_s'>;

/** Types of jobs that nobody runs. */
export interface Unserved {
  /** Most jobs first. */
  types: { type: string; jobs: number; isCapped: boolean }[];
  /** Whether there may be more of them. */
  isCapped: boolean;
}

/** What is asked of the platform. */
export interface Asks {
  /** Open jobs, the newest first. */
  open: (cursor: string | undefined) => Promise<{ items: readonly Listed[]; next_cursor: string | null }>;
  /** Which types wait; null for whoever is not told of all tenants. */
  fleet: (() => Promise<{ queues: readonly Waiting[]; workers: Pick<Fleet['workers'], 'up' | 'draining'> }>) | null;
  /** The oldest open jobs of a type. */
  ofType: (type: string) => Promise<{
    items: readonly Listed[];
    pagination: Pick<JobHistoryPage['pagination'], 'total' | 'total_is_capped' | 'next_cursor'>;
  }>;
}

/**
 * Finds the types that nobody runs. Where open jobs are more than a page, the types that wait are asked for one by one: those of which
 * no job is among the newest are the ones that nobody has run for long.
 */
export async function findUnserved({ open, fleet, ofType }: Asks): Promise<Unserved> {
  const { listed, isAll } = await read(open, fleet === null ? pagesMax : 1);
  const seen = unservedTypes(listed);
  if (isAll) return { types: seen.map((one) => ({ ...one, isCapped: false })), isCapped: false };
  const waiting = fleet === null ? { types: [], isWhole: false } : waitingTypes(await fleet());
  const served = servedTypes(listed);
  const inDoubt = new Set([...seen.map(({ type }) => type), ...waiting.types.filter((type) => !served.has(type))]);
  const asked = [...inDoubt].slice(0, typesMax);
  const found = await Promise.all(asked.map(async (type) => judged(await ofType(type), type, seen)));
  return {
    types: found.flatMap(({ unserved }) => unserved ?? []).sort((one, other) => other.jobs - one.jobs),
    isCapped: !waiting.isWhole || inDoubt.size > asked.length || found.some(({ isKnown }) => !isKnown),
  };
}

async function read(open: Asks['open'], pages: number): Promise<{ listed: Listed[]; isAll: boolean }> {
  // A job that moved between two pages counts once.
  const listed = new Map<string, Listed>();
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { items, next_cursor: next } = await open(cursor);
    for (const job of items) listed.set(job.id, job);
    if (next === null) return { listed: [...listed.values()], isAll: true };
    cursor = next;
  }
  return { listed: [...listed.values()], isAll: false };
}

/** Types of which tasks wait, the one that has waited longest first, and whether these are all. */
function waitingTypes({ queues, workers }: Awaited<ReturnType<NonNullable<Asks['fleet']>>>): {
  types: string[];
  isWhole: boolean;
} {
  const types = queues.filter(({ oldest_ready_s }) => oldest_ready_s > 0).map(({ type }) => type);
  // Only the job-service that leads tells of queues and of workers: where there is neither, none may have told.
  const isTold = types.length > 0 || workers.up + workers.draining > 0;
  return { types, isWhole: isTold && types.length < queuesMax };
}

/** Types of which a job waits for a worker that is there. */
function servedTypes(listed: readonly Listed[]): Set<string> {
  return new Set(listed.filter((job) => !isUnserved(job) && queueNeededBy(job) === job.type).map(({ type }) => type));
}

/** Whether nobody runs a type, with how many of its jobs wait then; unknown where none of those that were given waits. */
function judged(
  { items, pagination: { total, total_is_capped, next_cursor } }: Awaited<ReturnType<Asks['ofType']>>,
  type: string,
  seen: readonly { type: string; jobs: number }[],
): { unserved: Unserved['types'][number] | null; isKnown: boolean } {
  const ofSeen = seen.find((one) => one.type === type)?.jobs ?? 0;
  if (ofSeen === 0 && !items.some(isUnserved)) {
    return { unserved: null, isKnown: next_cursor === null || items.some((job) => queueNeededBy(job) !== null) };
  }
  return { unserved: { type, jobs: Math.max(total ?? items.length, ofSeen), isCapped: total_is_capped }, isKnown: true };
}
