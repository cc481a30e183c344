import type { TaskCounts } from '@kintsugi/contracts';
import type { Chunk, ChunkIdentity, ChunkState, OutboxEntry, TaskSums } from './chunk.js';
import type { ChunkStats } from './chunk-stats.js';
import type { TaskExtras } from './task-extras.js';
import { hasOwnPriorities, priorityNow } from './task-priorities.js';

type Extra = { [Kind in keyof TaskExtras]: readonly [kind: Kind, index: number, value: TaskExtras[Kind][number] | undefined] };

/** What is known of a single task as the change leaves it; undefined where it is known no more. */
export type ChangedExtra = Extra[keyof TaskExtras];

/** All that has changed in a chunk since the change before, as it stood when it was taken: the chunk goes on changing meanwhile. */
export interface ChunkChange {
  readonly chunk: Chunk;
  /** The version that it was made from, which is 0 for a new chunk, and the one that it makes. */
  readonly from: number;
  readonly version: number;
  readonly state: Readonly<Omit<ChunkState, 'version' | 'extras' | 'outbox'>>;
  readonly extras: readonly ChangedExtra[];
  /** Tasks by state, those that may be given to a worker, and those that keep the job from ending. */
  readonly tally: Readonly<TaskCounts>;
  readonly ready: number;
  readonly open: number;
  /** Of a bundle whose jobs have priorities of their own: where it stands among others, and what it was accepted with. */
  readonly priorities?: { readonly priority: number; readonly base_priority: number };
  /** Of a bundle of which jobs were deleted: what its places hold now. */
  readonly places?: { readonly tasks: string; readonly jobs: ChunkIdentity['jobs'] };
  /** The events that it promises. */
  readonly promised: readonly OutboxEntry[];
  /** What the chunk adds up to with it, and what happened in it. */
  readonly sums: TaskSums;
  readonly stats: ChunkStats;
}

/** What has changed in a chunk; only the chunk itself asks, when it begins anew. */
export function changeIn(chunk: Chunk): ChunkChange {
  const { version } = chunk.state;
  const sums = chunk.sums();
  return {
    ...{ chunk, from: version, version: version + 1, state: copyOfState(chunk), extras: changedExtrasOf(chunk) },
    ...{ tally: sums.counts, ready: chunk.count('ready'), open: chunk.open, promised: chunk.promised },
    ...{ sums, stats: chunk.stats },
    ...(chunk.stats.erased > 0 ? { places: { tasks: chunk.lines?.join('\n') ?? '', jobs: chunk.identity.jobs } } : {}),
    ...(hasOwnPriorities(chunk) ? { priorities: { priority: priorityNow(chunk), base_priority: chunk.identity.priority } } : {}),
  };
}

const toldTogether: readonly OutboxEntry['name'][] = ['task.failed', 'task.recovered'];

/**
 * Adds an event to what a change promises already, if it can. Reports come together, of a few tasks each: what they tell of
 * tasks is one event, and not one a report.
 */
export function isPromisedWith(promised: readonly OutboxEntry[], more: Omit<OutboxEntry, 'id'>): boolean {
  const same = toldTogether.includes(more.name) && promised.findLast(({ name }) => name === more.name);
  // What a task tells twice is two events.
  if (!same || same.indexes.some((index) => more.indexes.includes(index))) return false;
  same.indexes = [...same.indexes, ...more.indexes];
  same.at = more.at;
  if (more.verified) same.verified = [...(same.verified ?? []), ...more.verified];
  return true;
}

function copyOfState({ state }: Chunk): ChunkChange['state'] {
  const { fence, events, states, attempts, failures, startedAt, tookUs, leases, firstTry, recovered, retries } = state;
  return {
    ...{ fence, events, firstTry, recovered, retries },
    states: states.slice(),
    attempts: attempts.slice(),
    failures: failures.slice(),
    startedAt: startedAt.slice(),
    tookUs: tookUs.slice(),
    leases: leases.map((lease) => ({ ...lease, indexes: [...lease.indexes] })),
  };
}

/** Of a new chunk all that is known of its tasks, of others what has changed. */
function changedExtrasOf({ state, changedExtras }: Chunk): ChangedExtra[] {
  const { extras, version } = state;
  const paths = version > 0 ? changedExtras : allPaths(extras);
  return [...paths].map((path) => {
    const [kind, index] = path.split('.') as [keyof TaskExtras, string];
    return [kind, Number(index), extras[kind][Number(index)]] as ChangedExtra;
  });
}

function allPaths(extras: TaskExtras): string[] {
  return Object.entries(extras).flatMap(([kind, values]) => Object.keys(values as object).map((index) => `${kind}.${index}`));
}
