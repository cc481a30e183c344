import { beforeEach, expect, test } from '@jest/globals';
import { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import type { ReadyQueues } from '../dispatch/ready-queues.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { startTasks } from '../tasks/domain/recovery-moves.js';
import type { LiveChunks } from '../tasks/live-chunks.js';
import type { HeldPart } from './domain/waiting-facts.js';
import { HeldParts } from './held-parts.js';

const after = 1_000;
const begin = 1_700_000_000_000;

let now: number;
let meanMs: number | null;
let tenants: Map<string, string>;
let chunks: Map<string, Chunk>;
let roster: WorkerRoster;

beforeEach(() => {
  [now, meanMs, chunks, roster, tenants] = [begin, null, new Map(), new WorkerRoster(), new Map()];
  roster.introduce({ worker_id: 'w', host: 'h', pid: 1, slots: 2, queues: ['send'], draining: false, held: [], running: [] }, 0);
});

/** The worker is given tasks of a job, of which so many begin to run. */
function give(place: number, tasks: number, running: number): void {
  const uuid = `01890a5d-ac96-774b-bcce-${String(place).padStart(12, '0')}`;
  const identity = {
    id: `${uuid}.0`,
    jobId: `job_${uuid}`,
    queue: 'send',
    priority: 5,
    safety: 'idempotent' as const,
    count: tasks,
  };
  const chunk = Chunk.fresh({ ...identity, acceptedAt: begin, retryConfig: null, jobs: null }, Array<string>(tasks).fill('{}'));
  const indexes = Array.from({ length: tasks }, (_, index) => index);
  const { lease } = leaseTasks(chunk, indexes, 'w', now);
  startTasks(
    chunk,
    lease.fence,
    indexes.slice(0, running).map((index) => [index, now]),
    now,
  );
  chunks.set(chunk.id, chunk);
  tenants.set(identity.jobId, `t${place}`);
  roster.addLease('w', { chunkId: chunk.id, fence: lease.fence, open: tasks, isolation: Infinity, priority: 5, sentAt: 0 }, 0);
}

function parts(): HeldPart[] {
  const queues = { known: () => ({ pace: { taskMs: meanMs === null ? null : { meanMs, spreadMs: 0 } } }) };
  const ledger = { get: (id: string) => ({ job: { tenant: tenants.get(id) } }) };
  return new HeldParts(
    ...([roster, { get: (id: string) => chunks.get(id) } as unknown as LiveChunks] as const),
    ...([ledger as unknown as JobLedger, queues as unknown as ReadyQueues] as const),
    ...([{ now: () => now }, { WEDGED_AFTER_MS: after }] as const),
  ).read();
}

function read(): string[] {
  return parts().map(({ jobId, running, queued, fresh }) => `${jobId.slice(-1)}: ${running} ${queued} ${fresh}`);
}

test('tasks that a worker has not had for long are taken to go on', () => {
  give(1, 3, 2);
  now += after - 1;
  expect(read()).toEqual(['1: 0 0 3']);
});

test('later those count that run, and those that wait for a slot as long as all are used', () => {
  give(1, 3, 1);
  now += after;
  expect(read()).toEqual(['1: 3 0 0']);
  give(2, 2, 1);
  now += after;
  expect(read()).toEqual(['1: 1 2 0', '2: 1 1 0']);
});

test('what has begun to run a moment ago goes on, though it was given long ago', () => {
  give(1, 3, 1);
  const [chunk] = chunks.values();
  now += after;
  startTasks(chunk as Chunk, 1, [[1, now]], now);
  expect(read()).toEqual(['1: 1 1 1']);
});

test('tasks of a type that takes long count after twice as long as others take', () => {
  give(1, 1, 1);
  meanMs = 10 * after;
  now += 20 * after - 1;
  expect(read()).toEqual(['1: 0 0 1']);
  now += 1;
  expect(read()).toEqual(['1: 1 0 0']);
});

test('a part is of the tenant of its job, however new the first of its leases is', () => {
  give(1, 1, 1);
  expect(parts().map(({ tenant }) => tenant)).toEqual(['t1']);
  now += after;
  expect(parts().map(({ tenant }) => tenant)).toEqual(['t1']);
});
