import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeWork, subjects, type WorkHeader } from '@kintsugi/contracts';
import type { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { chunkDocument } from '../tasks/mongo/chunk-document.js';
import { begunChunk } from './simulation/begun-chunk.js';
import { SimulatedJobService } from './simulation/simulated-job-service.js';
import { SimulatedNetwork } from './simulation/simulated-network.js';
import { SimulatedStore } from './simulation/simulated-store.js';
import { SimulatedWorker } from './simulation/simulated-worker.js';
import { Simulation } from './simulation/simulation.js';

/** Seeds of one run of this file; TEST_RUNS asks for more of them, and TEST_SEED for one that has failed. */
const runs = Number(process.env['TEST_RUNS'] ?? 150);
const failedBefore = process.env['TEST_SEED'];
const steps = 400;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance', 'Date'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** Random choices that are the same for the same seed (mulberry32). */
function choicesOf(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Lets what is due run, and what follows from it: a change is written two turns after it was made at the latest. */
async function settle(ms: number): Promise<void> {
  if (ms > 0) jest.advanceTimersByTime(ms);
  for (let turns = 0; turns < 4; turns += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

test(
  'an attempt is given to one worker once, and only under a lease that is safe, whatever is late, killed or succeeded',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), async (seed) => {
        jest.clearAllTimers();
        const simulation = new Simulation(choicesOf(seed), settle);
        await simulation.run(steps);
        expect(simulation.faults).toEqual([]);
      }),
      failedBefore === undefined ? { numRuns: runs } : { numRuns: 1, examples: [[Number(failedBefore)]] },
    );
  },
  120_000 + runs * 500,
);

/** A job-service with one worker; all that is under way arrives at once, unless it is held. */
class Small {
  readonly slices: WorkHeader[] = [];
  readonly stored = new Map(
    [0, 1].map((sequence) => begunChunk(sequence)).map((chunk) => [chunk.id, chunkDocument(chunk.takeChange(), 0)]),
  );
  readonly store = new SimulatedStore(() => undefined);
  readonly service: SimulatedJobService;
  readonly worker: SimulatedWorker;
  private readonly network = new SimulatedNetwork();

  constructor() {
    this.service = new SimulatedJobService('service', 1, {
      ...{ network: this.network, stored: this.stored, reach: this.store.reachOf('service'), heard: () => 0 },
      onFault: (error) => {
        throw error;
      },
    });
    this.worker = new SimulatedWorker('worker', this.network.connect('worker'), (_, slice) => void this.slices.push(slice));
  }

  /** @param held answers that stay under way, the oldest ones */
  async goOn(held = 0): Promise<void> {
    for (let turn = 0; turn < 50; turn += 1) {
      while (this.store.waiting > 0) this.store.arrive(0);
      for (const at of this.store
        .answered(() => true)
        .slice(held)
        .reverse()) {
        this.store.answer(at);
      }
      for (const line of this.network.busyLines) this.network.deliver(line);
      await settle(0);
    }
  }

  /** Lets messages arrive, while the store is silent. */
  async talk(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) {
      for (const line of this.network.busyLines) this.network.deliver(line);
      await settle(0);
    }
  }

  /** The worker is given a lease by somebody else. */
  giveFromElsewhere(): string {
    const { header } = leaseTasks(begunChunk(9), [1], 'worker', 0);
    this.network.connect('elsewhere').publish(subjects.work('worker'), encodeWork(header, ['{}']));
    return `${header.chunk_id}#${header.fence}`;
  }

  finishAll(): void {
    for (const { key, index } of this.worker.running) this.worker.finish(key, index, false);
  }
}

describe('a worker is not told to drop a lease', () => {
  let small: Small;
  let key: string;

  beforeEach(async () => {
    small = new Small();
    small.service.begin();
    await small.goOn();
    small.worker.tell();
    await small.goOn();
    [key = ''] = small.worker.held.keys();
  });

  /** Whether it still holds the lease after it has told what it holds. */
  async function keeps(): Promise<boolean> {
    small.worker.tell();
    await small.talk();
    return small.worker.held.has(key);
  }

  test('whose end is not written yet', async () => {
    small.finishAll();
    expect(await keeps()).toBe(true);
    await small.goOn();
    expect(small.worker.held.has(key)).toBe(false);
  });

  test('of a chunk that is being read again, because somebody else has changed it', async () => {
    const { service } = small;
    const { changes, live } = service.parts;
    changes.tellConflicted(live.get(key.split('#')[0] as string) as Chunk);
    expect(await keeps()).toBe(true);
    await small.goOn();
    expect(await keeps()).toBe(true);
  });

  test.each([
    ['by a replica that leads no more', false],
    ['that is not its own, but by the replica that leads', true],
  ])('%s', async (_who, leads) => {
    small.service.leads = leads;
    key = small.giveFromElsewhere();
    await small.talk();
    expect(await keeps()).toBe(!leads);
  });
});

test('what a queue has read of a chunk that has changed since is given to nobody', async () => {
  const small = new Small();
  const { service, worker, stored, slices } = small;
  service.begin();
  await small.goOn();
  worker.tell();
  await small.goOn();
  // The worker is full, and a task of the second chunk waits in the window. Another chunk becomes real.
  expect(slices.map(({ chunk_id }) => chunk_id.slice(-1))).toEqual(['0', '0', '1']);
  const other = begunChunk(2);
  stored.set(other.id, chunkDocument(other.takeChange(), 0));
  service.parts.queues.invalidate();
  service.parts.queues.first('send');
  // The queue has read it, the answer is under way, and its window is no longer what all there is.
  await small.goOn(1);
  service.parts.queues.invalidate();
  service.decide(other.id, 0, 1, 'defer');
  await small.goOn(1);
  expect(stored.get(other.id)).toMatchObject({ epoch: 1, leases: [] });
  await small.goOn();
  for (let round = 0; round < 6; round += 1) {
    small.finishAll();
    await small.goOn();
    for (const { id, header } of [...worker.held.values()].map(({ header }) => ({ id: header.chunk_id, header }))) {
      expect(stored.get(id)?.leases).toContainEqual(expect.objectContaining({ fence: header.fence, worker_id: 'worker' }));
    }
  }
  const states = [...stored.values()].map((document) => document.states);
  expect(states).toEqual(['fss', 'fss', 'wss']);
  expect(service.conflicts).toBe(0);
});
