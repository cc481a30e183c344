import { describe, expect, test } from '@jest/globals';
import type { Inventory, WorkHeader } from '@kintsugi/contracts';
import * as fc from 'fast-check';
import { bundleOf, chunkOf, reportOf } from '../tasks/domain/chunk-sample.js';
import type { Effect } from '../tasks/chunk-writer.js';
import { Chunk, type Lease } from '../tasks/domain/chunk.js';
import { loseLease } from '../tasks/domain/lose-lease.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { isolationOf } from '../tasks/domain/suspects.js';
import type { WorkerEntry } from './domain/worker-entry.js';
import type { WorkerRoster } from './domain/worker-roster.js';
import type { Dispatcher } from './dispatcher.js';
import type { WorkSender } from './nats/work-sender.js';
import type { ReadyQueues } from './ready-queues.js';
import { dispatchParts } from './simulation/dispatch-parts.js';

const lossesMax = 5;
/** Run times at which tasks travel in large slices ahead of time, and one by one to free slots. */
const fastUs = 100;
const slowUs = 1_000_000;
const now = 1_700_000_010_000;

const writesAtOnce = { save: (_: Chunk, effect?: Effect) => effect?.(null), isBusy: () => false };

/** Workers that take what the dispatcher gives them, and end or die when told. All is written as soon as it is saved. */
class Fleet {
  readonly roster: WorkerRoster;
  private readonly dispatcher: Dispatcher;
  private readonly queues: ReadyQueues;
  private started = 0;

  constructor(
    readonly chunk: Chunk,
    private readonly given: { workers: number; slots: number; taskUs: number },
  ) {
    // Everything is in the window: neither the store nor the jobs are asked.
    const { roster, queues, dispatcher } = dispatchParts({ now, writer: writesAtOnce, sender: { send: () => true } });
    [this.roster, this.queues, this.dispatcher] = [roster, queues, dispatcher];
    this.queues.queue('send').window.complete = true;
    this.queues.queue('send').pace.record(given.taskUs, 1);
    this.queues.offer(chunk);
    for (let worker = 0; worker < given.workers; worker += 1) this.start();
    this.dispatcher.run();
  }

  get busy(): WorkerEntry[] {
    return [...this.roster.all].filter(({ held }) => held > 0);
  }

  heldBy(worker: WorkerEntry): number[] {
    return [...worker.leases.values()].flatMap(({ fence }) => this.chunk.leaseOf(fence)?.indexes ?? []);
  }

  succeed(worker: WorkerEntry, index: number): void {
    const lease = this.chunk.state.leases.find(({ indexes }) => indexes.includes(index));
    if (!lease) throw new Error(`Nobody holds ${index}.`);
    recordOutcome(this.chunk, reportOf(lease, { done: [index] }), now);
    this.roster.settle(worker.id, this.chunk.id, lease.fence, 1);
    this.goOn();
  }

  die(worker: WorkerEntry): void {
    const alone = worker.held === 1;
    for (const { fence } of this.roster.remove(worker.id)) loseLease(this.chunk, fence, { alone, lossesMax, now });
    this.start();
    this.goOn();
  }

  private start(): void {
    this.started += 1;
    const id = `worker-${this.started}`;
    const inventory: Inventory = {
      ...{ worker_id: id, host: 'h', pid: 1, slots: this.given.slots, queues: ['send'] },
      ...{ draining: false, held: [], running: [] },
    };
    this.roster.introduce(inventory, 0);
  }

  private goOn(): void {
    if (this.chunk.count('ready') > 0) this.queues.offer(this.chunk);
    this.dispatcher.run();
  }
}

describe('tasks that kill their workers', () => {
  test('end in quarantine after a bounded number of losses, and nobody else does, whoever else kills workers', () => {
    const killersOf = fc.uniqueArray(fc.nat(99), { maxLength: 4 });
    const fleets = fc.record({
      workers: fc.integer({ min: 1, max: 3 }),
      slots: fc.constantFrom(1, 5, 50),
      taskUs: fc.constantFrom(fastUs, slowUs),
    });
    const choices = fc.infiniteStream(fc.nat(1_000_000));
    fc.assert(
      fc.property(killersOf, fleets, choices, (killers, given, random) => {
        const choose = <Item>(items: readonly Item[]): Item => items[(random.next().value as number) % items.length] as Item;
        const fleet = new Fleet(bundleOf(100), given);
        const { chunk } = fleet;
        let operatorKills = lossesMax - 1;
        let deaths = 0;
        while (chunk.open > 0) {
          // While a task is left, somebody holds one.
          expect(fleet.busy).not.toEqual([]);
          for (const worker of fleet.busy) expect(worker.held).toBeLessThanOrEqual(isolationOf(chunk, fleet.heldBy(worker)));
          const worker = choose(fleet.busy);
          const index = choose(fleet.heldBy(worker));
          if (killers.includes(index)) {
            fleet.die(worker);
            deaths += 1;
          } else if (operatorKills > 0 && choose([true, false, false, false, false, false])) {
            fleet.die(worker);
            operatorKills -= 1;
          } else fleet.succeed(worker, index);
        }
        expect(chunk.indexesIn('quarantined')).toEqual([...killers].sort((one, other) => one - other));
        expect(chunk.count('succeeded')).toBe(100 - killers.length);
        expect(deaths).toBeLessThanOrEqual(killers.length * (4 + lossesMax));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a task that has lost four workers', () => {
  test('gets a worker of its own, while the other goes on with the rest', () => {
    const chunk = bundleOf(100);
    const fleet = new Fleet(chunk, { workers: 2, slots: 10, taskUs: slowUs });
    chunk.setExtra('losses', 99, { workers: 4, alone: 0 });
    const isHeld = () => chunk.stateOf(99) === 'leased';
    while (!isHeld()) {
      for (const worker of fleet.busy) if (!isHeld()) fleet.succeed(worker, fleet.heldBy(worker)[0] ?? 0);
    }
    expect(fleet.busy.map(({ held }) => held).sort()).toEqual([1, 10]);
    expect(chunk.count('ready')).toBeGreaterThan(0);
    const alone = fleet.busy.find(({ held }) => held === 1) as WorkerEntry;
    fleet.succeed(alone, 99);
    expect(fleet.busy.map(({ held }) => held)).toEqual([10, 10]);
  });
});

describe('a worker that offers several job types', () => {
  /** The slices that it gets one at a time, as the letter of their chunk's type. */
  function orderOf(chunks: Chunk[]): string {
    const given: WorkHeader[] = [];
    const send: WorkSender['send'] = (_worker, { header }) => given.push(header) > 0;
    const { roster, queues, dispatcher } = dispatchParts({ now, writer: writesAtOnce, sender: { send } });
    const offered = ['a', 'b', 'c'];
    for (const queue of offered) queues.queue(queue).window.complete = true;
    for (const chunk of chunks) queues.offer(chunk);
    roster.introduce({ worker_id: 'w', host: 'h', pid: 1, slots: 1, queues: offered, draining: false, held: [], running: [] }, 0);
    while (chunks.some((chunk) => chunk.open > 0)) {
      dispatcher.run();
      const { chunk_id: id, fence } = given.at(-1) as WorkHeader;
      const chunk = chunks.find((other) => other.id === id) as Chunk;
      const lease = chunk.leaseOf(fence) as Lease;
      recordOutcome(chunk, reportOf(lease, { done: lease.indexes }), now);
      roster.settle('w', id, fence, 1);
    }
    return given.map(({ queue }) => queue).join('');
  }

  function chunkOfType(queue: string, priority: number, age: number): Chunk {
    const { identity, state, lines } = chunkOf(1);
    return new Chunk(
      { ...identity, id: `${identity.id}${age}`, jobId: null, jobs: bundleOf(1).identity.jobs, queue, priority },
      state,
      lines,
    );
  }

  test('gets the most urgent tasks of all of them first', () => {
    expect(orderOf([chunkOfType('a', 1, 1), chunkOfType('b', 9, 2), chunkOfType('c', 5, 3)])).toBe('bca');
  });

  test.each([
    ['before it has run', null],
    ['that is slow', slowUs],
  ])('gets more urgent tasks of a type %s, however many less urgent ones of a fast type were sent ahead', (_, taskUs) => {
    const { roster, queues, dispatcher } = dispatchParts({ now, writer: writesAtOnce, sender: { send: () => true } });
    for (const queue of ['a', 'b']) queues.queue(queue).window.complete = true;
    queues.queue('a').pace.record(fastUs, 1);
    if (taskUs !== null) queues.queue('b').pace.record(taskUs, 1);
    const inventory = { worker_id: 'w', host: 'h', pid: 1, slots: 2, queues: ['a', 'b'], draining: false, held: [], running: [] };
    roster.introduce(inventory, 0);
    roster.prove('w');
    const ofType = (queue: string, priority: number, sequence: number): Chunk => {
      const { identity, state, lines } = bundleOf(200);
      const chunk = new Chunk({ ...identity, id: `${identity.id}${sequence}`, queue, priority }, state, lines);
      queues.offer(chunk);
      return chunk;
    };
    ofType('a', 5, 1);
    ofType('a', 5, 2);
    dispatcher.run();
    const held = roster.get('w')?.held ?? 0;
    expect(held).toBeGreaterThan(2);
    const [urgent, equal] = [ofType('b', 6, 3), ofType('b', 5, 4)];
    dispatcher.run();
    // As many as there are slots, and no more: those run before what was sent ahead is over.
    expect([urgent.count('leased'), equal.count('leased')]).toEqual([2, 0]);
  });

  test('gets the oldest of equally urgent ones first', () => {
    expect(orderOf([chunkOfType('b', 5, 2), chunkOfType('c', 5, 3), chunkOfType('a', 5, 1)])).toBe('abc');
  });
});

test('a slice whose worker is lost before its lease is written stays where it is', () => {
  const chunk = bundleOf(1);
  let onWritten: Effect = () => undefined;
  let sent = 0;
  const { roster, queues, dispatcher } = dispatchParts({
    now,
    writer: { save: (_chunk, effect) => (onWritten = effect ?? onWritten), isBusy: () => true },
    sender: { send: () => (sent += 1) > 0 },
  });
  queues.queue('send').window.complete = true;
  queues.offer(chunk);
  roster.introduce({ worker_id: 'w', host: 'h', pid: 1, slots: 1, queues: ['send'], draining: false, held: [], running: [] }, 0);
  dispatcher.run();
  expect(chunk.count('leased')).toBe(1);
  loseLease(chunk, 1, { alone: true, lossesMax, now });
  onWritten(null);
  expect(sent).toBe(0);
});
