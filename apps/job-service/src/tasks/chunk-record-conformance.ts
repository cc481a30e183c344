import { deepEqual, equal } from 'node:assert/strict';
import type { ChunkRecord } from './chunk-record.js';
import { chunkOf, reportOf } from './domain/chunk-sample.js';
import { Chunk } from './domain/chunk.js';
import { leaseTasks } from './domain/lease-tasks.js';
import { loseLease } from './domain/lose-lease.js';
import { recordOutcome } from './domain/record-outcome.js';

const now = 1_700_000_000_000;

/** Who writes: records of the same chunks, as processes have them. */
export type RecordOf = (epoch: number, sure?: () => Promise<void>) => ChunkRecord;

/** What every record of chunks promises. `recordOf` begins without chunks. */
export const recordPromises: [promise: string, hold: (recordOf: RecordOf) => Promise<void>][] = [
  ['gives back a chunk as it was written', givesBack],
  ['changes nothing when somebody else has changed the chunk, and says so', refusesWhatIsOutdated],
  ['tells a write of another leader from its own, although both made the same version', tellsLeadersApart],
  ['tells two writes of one leader apart, although both made the same version', tellsWritesApart],
  ['takes the same write twice for one', takesOnceWhatComesTwice],
  ['writes nothing before it is sure that its writer leads', waitsBefore],
  ['says nothing of what it wrote before it is sure that its writer still leads', waitsAfter],
  ['gives what is ready most urgent first, then oldest first, and no more than was asked for', givesTheMostUrgent],
  ['leaves out of what is ready the chunks and jobs that are named', leavesOut],
  ['gives what is ready of one job, oldest first, however much of others goes before it', givesOfOneJob],
  ['finds the leases that a leader before this one gave, but for lost ones', findsLeases],
];

/** A chunk of two ready tasks that is in the record. */
async function written(record: ChunkRecord, sequence = 0, given: Partial<Chunk['identity']> = {}): Promise<Chunk> {
  const { identity, state, lines } = chunkOf(2, given.safety);
  const chunk = new Chunk({ ...identity, ...given, id: identity.id.replace('.0', `.${sequence}`) }, state, lines);
  deepEqual(await record.write([record.mark(chunk.takeChange())]), []);
  return chunk;
}

async function stored(record: ChunkRecord, id: string): Promise<Chunk> {
  const [chunk] = await record.load([id]);
  if (!chunk) throw new Error(`${id} is not in the record.`);
  return chunk;
}

async function givesBack(recordOf: RecordOf): Promise<void> {
  const record = recordOf(1);
  const chunk = await written(record);
  const { lease } = leaseTasks(chunk, [0, 1], 'w', now);
  recordOutcome(chunk, { ...reportOf(lease, { done: [0], failed: [1] }), results: { 0: { kept: true } } }, now);
  deepEqual(await record.write([record.mark(chunk.takeChange())]), []);
  const found = await stored(record, chunk.id);
  // As text: what comes from a driver is of another realm than what a test runner makes.
  equal(JSON.stringify({ ...found.state, outbox: [] }), JSON.stringify({ ...chunk.state, outbox: [] }));
  equal(found.state.outbox.map(({ name }) => name).join(), 'task.failed');
  deepEqual(found.lines, chunk.lines);
  deepEqual(await record.load([`${chunk.id}9`]), []);
}

async function refusesWhatIsOutdated(recordOf: RecordOf): Promise<void> {
  const [one, other] = [recordOf(1), recordOf(2)];
  const { id } = await written(one);
  const [mine, theirs] = [await stored(one, id), await stored(other, id)];
  leaseTasks(theirs, [0], 'theirs', now);
  deepEqual(await other.write([other.mark(theirs.takeChange())]), []);
  // One more, so that neither version nor number of the write happen to be the same.
  leaseTasks(theirs, [1], 'theirs', now);
  deepEqual(await other.write([other.mark(theirs.takeChange())]), []);
  leaseTasks(mine, [0], 'mine', now);
  deepEqual(await one.write([one.mark(mine.takeChange())]), [mine]);
  const { leases } = (await stored(one, id)).state;
  deepEqual(
    leases.map(({ workerId }) => workerId),
    ['theirs', 'theirs'],
  );
}

async function tellsLeadersApart(recordOf: RecordOf): Promise<void> {
  const [one, other] = [recordOf(1), recordOf(2)];
  const { id } = await written(one);
  await written(other, 1);
  // From here on both have written as often, and both write from the same version.
  const [mine, theirs] = [await stored(one, id), await stored(other, id)];
  for (const [chunk, worker] of [
    [mine, 'mine'],
    [theirs, 'theirs'],
  ] as const) {
    leaseTasks(chunk, [0], worker, now);
  }
  deepEqual(await other.write([other.mark(theirs.takeChange())]), []);
  deepEqual(await one.write([one.mark(mine.takeChange())]), [mine]);
  deepEqual((await stored(one, id)).state.leases[0]?.workerId, 'theirs');
}

async function tellsWritesApart(recordOf: RecordOf): Promise<void> {
  const record = recordOf(1);
  const { id } = await written(record);
  const [first, second] = [await stored(record, id), await stored(record, id)];
  leaseTasks(first, [0], 'first', now);
  leaseTasks(second, [0], 'second', now);
  deepEqual(await record.write([record.mark(first.takeChange())]), []);
  deepEqual(await record.write([record.mark(second.takeChange())]), [second]);
}

async function takesOnceWhatComesTwice(recordOf: RecordOf): Promise<void> {
  const record = recordOf(1);
  const chunk = await written(record);
  leaseTasks(chunk, [0], 'w', now);
  const write = record.mark(chunk.takeChange());
  deepEqual(await record.write([write]), []);
  deepEqual(await record.write([write]), []);
  deepEqual(await record.missing([write]), []);
  equal((await stored(record, chunk.id)).state.version, chunk.state.version);
}

async function waitsBefore(recordOf: RecordOf): Promise<void> {
  const leader = recordOf(2);
  const { id } = await written(leader);
  const former = recordOf(1, () => new Promise(() => undefined));
  const chunk = await stored(former, id);
  leaseTasks(chunk, [0], 'w', now);
  const writing = former.write([former.mark(chunk.takeChange())]);
  // What was sent before this write would be in the record after it.
  const later = await written(leader, 1);
  equal(await Promise.race([writing, later]), later);
  equal((await stored(leader, id)).count('leased'), 0);
}

async function waitsAfter(recordOf: RecordOf): Promise<void> {
  let leads = true;
  const asked: (() => void)[] = [];
  const sure = (): Promise<void> => (leads ? Promise.resolve() : new Promise((resolve) => asked.push(resolve)));
  const record = recordOf(1, sure);
  const chunk = await written(record);
  leaseTasks(chunk, [0], 'w', now);
  let said = false;
  const writing = record.write([record.mark(chunk.takeChange())]).then(() => (said = true));
  leads = false;
  while ((await stored(recordOf(2), chunk.id)).count('leased') === 0 || asked.length === 0) await Promise.resolve();
  equal(said, false);
  for (const resolve of asked) resolve();
  equal(await writing, true);
}

async function givesTheMostUrgent(recordOf: RecordOf): Promise<void> {
  const record = recordOf(1);
  const priorities = [1, 9, 5, 9, 0];
  for (const [sequence, priority] of priorities.entries()) await written(record, sequence, { priority });
  const found = await record.ready('send', [], [], 3);
  deepEqual(
    found.map(({ id }) => id.slice(-1)),
    ['1', '3', '2'],
  );
}

async function leavesOut(recordOf: RecordOf): Promise<void> {
  const record = recordOf(1);
  const [held, , other] = [await written(record), await written(record, 1, { jobId: 'job_full' }), await written(record, 2)];
  await written(record, 3, { queue: 'other' });
  const idle = await written(record, 4);
  leaseTasks(idle, [0, 1], 'w', now);
  deepEqual(await record.write([record.mark(idle.takeChange())]), []);
  deepEqual(
    (await record.ready('send', [held.id], ['job_full'], 10)).map(({ id }) => id),
    [other.id],
  );
}

async function givesOfOneJob(recordOf: RecordOf): Promise<void> {
  const record = recordOf(1);
  const other = 'job_01890a5d-ac96-774b-bcce-b302099a8056';
  for (let sequence = 0; sequence < 4; sequence += 1) {
    const id = `01890a5d-ac96-774b-bcce-b302099a8056.${sequence}`;
    const { identity, state, lines } = chunkOf(2);
    const chunk = new Chunk({ ...identity, id, jobId: other, priority: 9 }, state, lines);
    deepEqual(await record.write([record.mark(chunk.takeChange())]), []);
  }
  const own = [
    await written(record),
    await written(record, 1),
    await written(record, 2, { queue: 'other' }),
    await written(record, 3),
  ];
  const jobId = chunkOf(1).identity.jobId as string;
  const found = async (except: string[], limit: number): Promise<string[]> =>
    (await record.readyOf('send', jobId, except, limit)).map(({ id }) => id);
  deepEqual(await found([], 9), [own[0]?.id, own[1]?.id, own[3]?.id]);
  deepEqual(await found([own[0]?.id as string], 1), [own[1]?.id]);
  deepEqual(await record.readyOf('send', 'job_01890a5d-ac96-774b-bcce-b302099a8058', [], 9), []);
}

async function findsLeases(recordOf: RecordOf): Promise<void> {
  const [former, leader] = [recordOf(1), recordOf(2)];
  for (const [sequence, safety] of (['idempotent', 'unsafe', 'idempotent'] as const).entries()) {
    const chunk = await written(former, sequence, { safety });
    if (sequence < 2) leaseTasks(chunk, [0], 'w', now);
    if (sequence === 1) loseLease(chunk, 1, { alone: false, lossesMax: 5, now });
    deepEqual(await former.write([former.mark(chunk.takeChange())]), []);
  }
  const [id = ''] = await leader.leasedBefore();
  deepEqual(await leader.leasedBefore(), [chunkOf(1).id]);
  deepEqual(await former.leasedBefore(), []);
  const taken = await stored(leader, id);
  leaseTasks(taken, [1], 'w', now);
  deepEqual(await leader.write([leader.mark(taken.takeChange())]), []);
  deepEqual(await leader.leasedBefore(), []);
}
