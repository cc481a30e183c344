import { describe, expect, test } from '@jest/globals';
import { DEFAULT_TENANT, operations, type Actor, type GroupRecovery } from '@kintsugi/contracts';
import { recordSample } from '../records/domain/error-record-sample.js';
import {
  recoveryInMemory,
  recoveryStores,
  type Passage,
  type RecoveryInMemory,
} from '../resends/simulation/recovery-in-memory.js';
import type { AwaitedJob } from './awaited-jobs.js';

const ada: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };
const bob: Actor = { ...ada, key: 'bob', name: 'bob', role: 'admin' };
const live = new AbortController().signal;
const { group_id, job_id: awaited } = recordSample(0);
const seeds = 60;
const rounds = 12;

/** Numbers from 0 to 1 that follow from a seed. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** A recovery that waits for an approval and a job, over two replicas that both take themselves for the leader and lose steps. */
class World {
  readonly stores = recoveryStores();
  readonly clock = { at: Date.parse('2026-11-23T12:00:00.000Z'), now: () => this.clock.at };
  isCalm = false;
  isJobDone = false;
  private readonly replicas: RecoveryInMemory[];

  constructor(private readonly random: () => number) {
    for (let index = 0; index < 3; index += 1) {
      const record = recordSample(index, { phase: 'discarded', resend_at: null });
      this.stores.stored.set(record._id, record);
    }
    this.replicas = [this.replica(), this.replica()];
  }

  get one(): RecoveryInMemory {
    return this.replicas[0] as RecoveryInMemory;
  }

  async begin(size: number): Promise<string> {
    const when = [{ kind: 'approval' as const }, { kind: 'job' as const, job_id: awaited }];
    const request = operations.recoverGroup.request.parse({ group_id, canary: { size }, when });
    return (await this.one.groupRecoveries.recover.execute(request, { actor: ada })).recovery?.id ?? '';
  }

  async round(given: readonly (() => Promise<unknown>)[]): Promise<void> {
    this.clock.at += 1_000;
    const turns = this.replicas.flatMap(({ groupRecoveries: { steps } }) => [() => steps.look(live), () => steps.step(live)]);
    // A step that is lost is as one of a process that has ended.
    await Promise.all([...turns, ...given].map((turn) => turn().catch(() => undefined)));
    const ended = [...this.stores.stored.values()].filter(({ phase }) => phase === 'requeued' && this.chance(0.7));
    await this.one.recordRecoveries
      .execute(ended.map(({ task_id, attempt }) => ({ task_id, attempt: attempt + 1 })))
      .catch(() => undefined);
  }

  phases(): string[] {
    return [...this.stores.stored.values()].map(({ phase }) => phase);
  }

  chance(share: number): boolean {
    return this.isCalm || this.random() < share;
  }

  private replica(): RecoveryInMemory {
    const pass: Passage = async () => {
      if (this.isCalm) return;
      for (let turn = Math.floor(this.random() * 6); turn > 0; turn -= 1) await null;
      if (this.random() < 0.03) throw new Error('the process has ended');
    };
    const of = async (): Promise<Map<string, AwaitedJob>> =>
      new Map([[awaited, { id: awaited, status: this.isJobDone ? 'completed' : 'running', tenant: DEFAULT_TENANT }]]);
    const others = { queue: { publish: async () => undefined }, statuses: { of: async () => null }, jobs: { of } };
    return recoveryInMemory({ stores: this.stores, ...others, clock: this.clock, pass });
  }
}

async function calm(world: World, recovery_id: string): Promise<GroupRecovery> {
  world.isCalm = true;
  world.isJobDone = true;
  await world.one.groupRecoveries.approve.execute({ recovery_id }, { actor: bob }).catch(() => undefined);
  for (let round = 0; round < 60; round += 1) await world.round([]);
  return world.one.groupRecoveries.get.execute({ recovery_id }, { actor: ada });
}

async function begunWorld(seed: number): Promise<{ world: World; id: string; random: () => number }> {
  const random = drawn(seed);
  const world = new World(random);
  world.isCalm = true;
  const id = await world.begin(seed % 3);
  world.isCalm = false;
  return { world, id, random };
}

describe('a recovery that waits, while it is approved, looked at and taken further at one moment', () => {
  test('runs nothing before all holds, and in the end runs every record', async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { world, id, random } = await begunWorld(seed);
      const approve = (): Promise<unknown> => world.one.groupRecoveries.approve.execute({ recovery_id: id }, { actor: bob });
      const [approveAt, doneAt] = [Math.floor(random() * rounds), Math.floor(random() * rounds)];
      for (let round = 0; round < rounds; round += 1) {
        if (round === doneAt) world.isJobDone = true;
        await world.round(round === approveAt ? [approve, approve] : []);
        const mayRun = round >= Math.max(approveAt, doneAt);
        expect({ seed, round, ran: !mayRun && world.phases().some((phase) => phase !== 'discarded') }).toMatchObject({
          ran: false,
        });
      }
      const { state, counts } = await calm(world, id);
      expect({ seed, state, ...counts }).toMatchObject({ state: 'completed', recovered: 3, chosen: 0, ordered: 0 });
    }
  });

  test('that is cancelled at the moment at which it begins ends, and leaves its records to another', async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { world, id, random } = await begunWorld(seed);
      world.isJobDone = true;
      const { approve, cancel } = world.one.groupRecoveries;
      const cancelAt = Math.floor(random() * 3);
      for (let round = 0; round < rounds; round += 1) {
        const asked = [
          ...(round < 2 ? [() => approve.execute({ recovery_id: id }, { actor: bob })] : []),
          ...(round === cancelAt ? [() => cancel.execute({ recovery_id: id }, { actor: ada })] : []),
        ];
        await world.round(asked);
      }
      const { state, counts } = await calm(world, id);
      expect({ seed, state, open: counts.chosen + counts.ordered }).toMatchObject({ open: 0 });
      expect(['cancelled', 'completed', 'stopped']).toContain(state);
      expect(await world.stores.groupRecoveries.countActive()).toBe(0);
      const next = await world.begin(0);
      expect((await calm(world, next)).state).toBe('completed');
      expect(new Set(world.phases())).toEqual(new Set(['recovered']));
    }
  });
});
