import { beforeEach, expect, test } from '@jest/globals';
import { Faults, Turns } from '@kintsugi/hosting';
import type { EventPublisher, OutgoingEvent } from '@kintsugi/messaging';
import type { Metrics } from '@kintsugi/observability';
import type { UnservedQueues } from '../dispatch/unserved-queues.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { NewIds } from '../platform/new-ids.js';
import type { OpenJob, WaitingFacts } from './domain/waiting-facts.js';
import type { ReadWaiting } from './read-waiting.js';
import type { WedgeEvent, WedgeRecord, WedgeRecords } from './wedge-records.js';
import { WedgeWatch } from './wedge-watch.js';

/** What was told, without a database. */
class WedgesInMemory implements WedgeRecords {
  readonly stored = new Map<string, WedgeRecord>();

  async add(wedge: WedgeRecord): Promise<void> {
    this.stored.set(wedge._id, structuredClone(wedge));
  }

  async end(id: string, at: Date, event: WedgeEvent): Promise<void> {
    const known = this.stored.get(id) as WedgeRecord;
    this.stored.set(id, { ...known, over_at: at, outbox: [...known.outbox, event] });
  }

  async all(): Promise<WedgeRecord[]> {
    return structuredClone([...this.stored.values()]);
  }

  async clearOutbox(ids: readonly string[], eventIds: readonly string[]): Promise<void> {
    for (const id of ids) {
      const known = this.stored.get(id) as WedgeRecord;
      const outbox = known.outbox.filter((event) => !eventIds.includes(event.id));
      if (known.over_at !== null && outbox.length === 0) this.stored.delete(id);
      else this.stored.set(id, { ...known, outbox });
    }
  }

  async forget(jobIds: readonly string[]): Promise<void> {
    const left = <Told extends { job_id: string }>(jobs: readonly Told[]): Told[] =>
      jobs.filter(({ job_id: id }) => !jobIds.includes(id));
    for (const [id, { jobs, outbox, ...known }] of this.stored) {
      const events = outbox.map((event) => ({ ...event, data: { jobs: left(event.data.jobs) } }));
      if (left(jobs).length === 0) this.stored.delete(id);
      else this.stored.set(id, { ...known, jobs: left(jobs), outbox: events });
    }
  }
}

const after = 1_000;
const nothing: WaitingFacts = { jobs: [], rooms: [], held: [] };
const job = (id: string, given: Partial<OpenJob> = {}): OpenJob => ({
  ...{ id, tenant: 't', isPaused: false, room: null, key: null, awaits: [], parent: null },
  ...given,
});
const unserved: WaitingFacts = {
  ...nothing,
  jobs: [job('a', { room: 'r' }), job('b', { room: 'r' })],
  rooms: [{ id: 'r', queue: 'send', needs: null, workers: [], isOffered: false }],
};
const circle: WaitingFacts = {
  ...nothing,
  jobs: [job('a', { key: { id: 'k', name: 'crm', short: 1, holders: ['p'] }, parent: 'p' })],
  held: [{ workerId: 'w', jobId: 'p', tenant: 't', running: 1, queued: 0, fresh: 0, needs: null }],
};
const paused: WaitingFacts = { ...nothing, jobs: [job('a', { isPaused: true }), job('b', { awaits: ['a'] })] };

let records: WedgesInMemory;
let facts: WaitingFacts;
let now: number;
let areKnown: boolean;
let isBrokerAway: boolean;
let published: OutgoingEvent[];
let gauges: Map<string, number>;
let relay: OutboxRelay;
let watch: WedgeWatch;

beforeEach(async () => {
  records = new WedgesInMemory();
  [facts, now, areKnown, isBrokerAway, published, gauges] = [nothing, 1_700_000_000_000, true, false, [], new Map()];
  await start();
});

/** A replica begins to lead. */
async function start(): Promise<void> {
  const publish = async (event: OutgoingEvent): Promise<void> => {
    if (isBrokerAway) await new Promise(() => undefined);
    published.push(event);
  };
  const faults = new Faults((error) => {
    throw error;
  }, 'test');
  const metrics = {
    clear: () => gauges.clear(),
    set: (name: string, value: number, { reason = '' }) => gauges.set(`${name} ${reason}`, value),
  } as unknown as Metrics;
  relay = new OutboxRelay({ publish } as unknown as EventPublisher, faults);
  watch = new WedgeWatch(
    { execute: async () => ({ facts, supposed: null }) } as unknown as ReadWaiting,
    {
      get areKnown() {
        return areKnown;
      },
    } as UnservedQueues,
    ...([records, relay, new NewIds(), metrics, { now: () => now }, faults, new Turns(), { WEDGED_AFTER_MS: after }] as const),
  );
  await watch.start();
  await watch.stop();
}

async function lookAfter(ms: number): Promise<void> {
  now += ms;
  await watch.look();
  await new Promise(setImmediate);
}

function told(): string[] {
  return published.map(
    ({ name, data }) => `${name} ${(data as { jobs: { job_id: string }[] }).jobs.map(({ job_id }) => job_id).join(' ')}`,
  );
}

test('a wedge is told once, when it has stood for long enough, and once when it is over', async () => {
  facts = unserved;
  await lookAfter(0);
  await lookAfter(after - 1);
  expect([told(), watch.of('a')?.reason, watch.markOf('a')]).toEqual([[], 'NO_WORKER', undefined]);
  for (let look = 0; look < 3; look += 1) await lookAfter(after);
  expect(told()).toEqual(['job.wedged a b']);
  expect([...gauges]).toEqual([['kintsugi_wedges NO_WORKER', 1]]);
  const [wedge] = [...records.stored.values()];
  expect(watch.markOf('b')).toMatchObject({ wedge_id: wedge?._id, reason: 'NO_WORKER', since: wedge?.told_at.toISOString() });
  facts = nothing;
  for (let look = 0; look < 3; look += 1) await lookAfter(1);
  expect(told()).toEqual(['job.wedged a b', 'job.unwedged a b']);
  expect([[...gauges], watch.of('a'), watch.markOf('b')]).toEqual([[], undefined, undefined]);
  await relay.stop();
  expect(records.stored.size).toBe(0);
});

test('marks a job that waits in a circle, and not one that runs in it', async () => {
  facts = circle;
  for (let look = 0; look < 3; look += 1) await lookAfter(after);
  expect(told()).toEqual(['job.wedged a']);
  expect([watch.of('p')?.reason, watch.markOf('p'), watch.markOf('a')?.reason]).toEqual(['CIRCLE', undefined, 'CIRCLE']);
});

test('says nothing of what it has not been able to look at for long', async () => {
  facts = unserved;
  for (let look = 0; look < 3; look += 1) await lookAfter(after);
  areKnown = false;
  await lookAfter(2 * after);
  expect(watch.markOf('b')?.reason).toBe('NO_WORKER');
  await lookAfter(1);
  expect([watch.of('b'), watch.markOf('b')]).toEqual([undefined, undefined]);
});

test('one that comes and goes before that is not told', async () => {
  for (let look = 0; look < 6; look += 1) {
    facts = look % 2 === 0 ? unserved : nothing;
    await lookAfter(after - 1);
  }
  expect(told()).toEqual([]);
});

test('what waits for a paused job is told much later', async () => {
  facts = paused;
  await lookAfter(0);
  await lookAfter(19 * after);
  expect(told()).toEqual([]);
  await lookAfter(after);
  expect(told()).toEqual(['job.wedged b']);
});

test('a circle is told when the next look finds it too', async () => {
  facts = circle;
  await lookAfter(0);
  expect(told()).toEqual([]);
  await lookAfter(after / 3);
  expect(told()).toEqual(['job.wedged a']);
});

test('what stands for another reason than before is over, and another wedge', async () => {
  facts = unserved;
  await lookAfter(0);
  await lookAfter(after);
  const needs = { max_memory: 512, max_cpu: 1 };
  facts = { ...unserved, rooms: unserved.rooms.map((room) => ({ ...room, isOffered: true, needs })) };
  await lookAfter(0);
  await lookAfter(after);
  expect(told()).toEqual(['job.wedged a b', 'job.unwedged a b', 'job.wedged a b']);
  expect([...gauges]).toEqual([['kintsugi_wedges RESOURCES', 1]]);
});

test('jobs that were deleted are told of no more, and are in no record', async () => {
  facts = unserved;
  await lookAfter(0);
  await lookAfter(after);
  facts = { ...unserved, jobs: unserved.jobs.slice(1) };
  await watch.forget(['a']);
  expect(JSON.stringify([...records.stored.values()].map(({ jobs, outbox }) => [jobs, outbox]))).not.toContain('"job_id":"a"');
  facts = nothing;
  await lookAfter(after);
  expect(told()).toEqual(['job.wedged a b', 'job.unwedged b']);
});

test('nor are they told of later, where the broker was away', async () => {
  isBrokerAway = true;
  facts = unserved;
  await lookAfter(0);
  await lookAfter(after);
  await watch.forget(['a']);
  isBrokerAway = false;
  await start();
  await new Promise(setImmediate);
  expect(told()).toEqual(['job.wedged b']);
});

test('a wedge whose jobs were all deleted is forgotten, and others that come to it later are told', async () => {
  facts = unserved;
  await lookAfter(0);
  await lookAfter(after);
  facts = { ...unserved, jobs: [job('c', { room: 'r' })] };
  await watch.forget(['a', 'b']);
  expect(records.stored.size).toBe(0);
  await lookAfter(0);
  expect(told()).toEqual(['job.wedged a b', 'job.wedged c']);
});

test('a deletion waits for a look that began before it', async () => {
  facts = unserved;
  await lookAfter(0);
  now += after;
  const looking = watch.look();
  await Promise.all([watch.forget(['a']), looking]);
  facts = nothing;
  await lookAfter(0);
  expect(told().at(-1)).toBe('job.unwedged b');
});

test('a replica that leads next tells none again, and of the end of each', async () => {
  facts = unserved;
  await lookAfter(0);
  await lookAfter(after);
  await relay.stop();
  await start();
  await lookAfter(0);
  await lookAfter(after);
  expect(told()).toEqual(['job.wedged a b']);
  facts = nothing;
  await lookAfter(0);
  expect(told()).toEqual(['job.wedged a b', 'job.unwedged a b']);
});

test('what the broker had not taken when a replica was killed is told by the next, and once over it is forgotten', async () => {
  isBrokerAway = true;
  facts = unserved;
  await lookAfter(0);
  await lookAfter(after);
  facts = nothing;
  await lookAfter(0);
  expect(told()).toEqual([]);
  isBrokerAway = false;
  await start();
  await new Promise(setImmediate);
  expect(told()).toEqual(['job.wedged a b', 'job.unwedged a b']);
  await relay.stop();
  expect(records.stored.size).toBe(0);
});

test('nothing is told, nor taken back, while workers may not have been heard since the broker was away', async () => {
  facts = unserved;
  await lookAfter(0);
  await lookAfter(after);
  [areKnown, facts] = [false, nothing];
  await lookAfter(after);
  expect(told()).toEqual(['job.wedged a b']);
});

test('of one wedge a hundred jobs are told', async () => {
  facts = { ...unserved, jobs: Array.from({ length: 250 }, (_, place) => job(`j${place}`, { room: 'r' })) };
  await lookAfter(0);
  await lookAfter(after);
  expect((published[0]?.data as { jobs: unknown[] }).jobs).toHaveLength(100);
  expect(watch.of('j249')?.jobs).toHaveLength(250);
});
