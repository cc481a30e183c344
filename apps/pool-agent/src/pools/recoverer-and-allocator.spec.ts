import { expect, test } from '@jest/globals';
import { operations, validate, type ActionInput, type ActionRequest } from '@kintsugi/contracts';
import { Metrics, createLogger } from '@kintsugi/observability';
import type { Git } from '../git/process/git.js';
import { finding } from '../inspection/domain/finding.js';
import type { Inspector } from '../inspection/inspector.js';
import type { Ladder } from '../ladder/ladder.js';
import type { SubmoduleWorks } from '../ladder/submodule-works.js';
import type { Sources } from '../mirrors/sources.js';
import type { SubmoduleList } from '../mirrors/submodule-list.js';
import { AutoRecover } from '../recovery/auto-recover.js';
import { Detectors } from '../recovery/detectors.js';
import { LapsedLeases } from '../recovery/lapsed-leases.js';
import { LockKeeper } from '../recovery/lock-keeper.js';
import { SlotDoctor } from '../recovery/slot-doctor.js';
import { newSlot, wholeCopies, type Pool, type Slot } from '../slots/domain/slot.js';
import type { PoolFolder } from '../slots/pool-folder.js';
import { SlotBook } from '../slots/slot-book.js';
import type { SlotLocks } from '../slots/slot-locks.js';
import { Allocations } from './allocations.js';

const pool: Pool = {
  ...{ name: 'app', repository_url: 'https://host/app', branch: 'main', object_format: 'sha1', created_at: '2026-01-01' },
  ...wholeCopies,
};
const idOf = (index: number): string => `slot_01990000-0000-7000-8000-00000000000${index}`;
const rounds = 1_000;
const leaseMs = 5_000;

/** The same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A book that writes nothing down; each write takes a moment, in which others go on. */
class BookInMemory extends SlotBook {
  constructor(
    private readonly all: Slot[],
    clock: { now: () => number },
    private readonly moment: () => Promise<void>,
  ) {
    super({ root: '/pools', slot: (...parts: string[]) => parts.join('/') } as PoolFolder, clock);
  }

  async fill(): Promise<void> {
    for (const slot of this.all) await this.addSlot(slot);
  }

  override pool(): Pool {
    return pool;
  }

  override keep(): Promise<void> {
    return this.moment();
  }
}

/** All that decides who gets a slot, over working copies that are a word each. */
async function poolsInMemory(random: () => number) {
  const moment = async (): Promise<void> => {
    for (let turns = Math.floor(random() * 6); turns > 0; turns -= 1) await Promise.resolve();
    if (random() < 0.1) await new Promise(setImmediate);
  };
  const clock = { ms: Date.parse('2026-01-01'), now: () => clock.ms };
  const slots = Array.from({ length: 4 }, (_, index): Slot => ({
    ...newSlot(idOf(index), 'app', '2026-01-01'),
    state: 'AVAILABLE',
  }));
  const copies = new Map(slots.map(({ slot_id }) => [slot_id, { isBroken: false, work: null as string | null }]));
  const copyOf = (id: string) => copies.get(id) as { isBroken: boolean; work: string | null };
  const repairs = new Map<string, number>();
  const inspector = {
    inspect: async ({ slot_id, state }: Slot) => {
      await moment();
      const { isBroken, work } = copyOf(slot_id);
      const isLeft = work !== null && state !== 'ALLOCATED';
      const findings = [...(isBroken ? [finding('head-broken', 'x')] : []), ...(isLeft ? [finding('files-changed', 'x')] : [])];
      return { findings, commit: 'c' };
    },
  } as unknown as Inspector;
  const ladder = {
    climb: async ({ slot_id, state }: Slot) => {
      expect({ state, repairs: repairs.get(slot_id) ?? 0 }).toEqual({ state: 'RECOVERING', repairs: 0 });
      repairs.set(slot_id, 1);
      await moment();
      copies.set(slot_id, { isBroken: false, work: null });
      await moment();
      repairs.delete(slot_id);
      return { end: 'sound', found: [], rungs: ['clean'], commit: 'c', reason: null, evidence: null, saved: null };
    },
  } as unknown as Ladder;
  const locks = { put: moment, remove: moment, all: () => Promise.resolve([]) } as unknown as SlotLocks;
  const book = new BookInMemory(slots, clock, moment);
  await book.fill();
  const processes = { in: () => Promise.resolve([]) };
  const doctor = new SlotDoctor(book, inspector, ladder, locks, clock, processes);
  const lockKeeper = new LockKeeper(book, locks, doctor, clock, processes);
  const detectors = new Detectors(book, inspector, lockKeeper, clock);
  const [metrics, silent] = [new Metrics('pool-agent'), createLogger('pool-agent', 'silent')];
  const recover = new AutoRecover(book, detectors, lockKeeper, doctor, {} as PoolFolder, clock, metrics);
  const leases = new LapsedLeases(book, doctor, clock, metrics, silent);
  const allocations = new Allocations(
    book,
    doctor,
    {} as Sources,
    {} as SubmoduleList,
    {} as SubmoduleWorks,
    locks,
    {} as Git,
    clock,
  );
  const asked = <Action extends 'allocate' | 'release' | 'autoRecover'>(action: Action, data: ActionInput<Action>) =>
    validate(operations[action].request, data, 'data') as ActionRequest<Action>;
  return { book, clock, doctor, recover, leases, allocations, asked, copyOf, moment };
}

const unless =
  (...codes: string[]) =>
  (error: unknown): null => {
    if (codes.includes((error as { code?: string }).code ?? '')) return null;
    throw error;
  };

test(`in ${rounds} rounds of repairs against owners no slot is given to two, given out while it is repaired, or taken from one who beats`, async () => {
  const random = randomFrom(13);
  const { book, clock, doctor, recover, leases, allocations, asked, copyOf, moment } = await poolsInMemory(random);
  const owners = new Map<string, string>();
  const highest = new Map<string, number>();
  const silent: { slot_id: string; token: number }[] = [];
  const seen = { given: 0, silent: 0, repaired: 0 };

  const work = async (owner: string): Promise<void> => {
    const wish = { pool: 'app', owner, lease_s: leaseMs / 1_000, release_when_silent: true };
    const given = await allocations.allocate(asked('allocate', wish)).catch(unless('POOL_EXHAUSTED'));
    if (given === null) return;
    const { slot_id, token } = given;
    seen.given += 1;
    expect({ state: book.slot(slot_id).state, other: owners.get(slot_id) ?? null }).toEqual({ state: 'ALLOCATED', other: null });
    expect(copyOf(slot_id)).toEqual({ isBroken: false, work: null });
    expect(token).toBeGreaterThan(highest.get(slot_id) ?? 0);
    highest.set(slot_id, token);
    owners.set(slot_id, owner);
    copyOf(slot_id).work = owner;
    copyOf(slot_id).isBroken = random() < 0.3;
    await moment();
    expect(copyOf(slot_id).work).toBe(owner);
    owners.delete(slot_id);
    if (random() < 0.1) silent.push({ slot_id, token });
    else await allocations.release(asked('release', { slot_id, token }));
  };
  /** Whoever comes back from its silence is told that the slot is another's, or nobody's. */
  const comeBack = async (late: { slot_id: string; token: number }): Promise<void> => {
    seen.silent += 1;
    expect(await allocations.release(asked('release', late)).catch(unless('SLOT_TOKEN_STALE', 'STATE_CONFLICT'))).toBeNull();
  };
  const repair = async (): Promise<void> => {
    const id = idOf(Math.floor(random() * 4));
    if ((await doctor.recover(id).catch(unless('STATE_CONFLICT'))) !== null) seen.repaired += 1;
  };
  const sweep = (): Promise<unknown> => recover.execute(asked('autoRecover', { depth: 'quick' })).catch(unless('STATE_CONFLICT'));

  for (let round = 1; round <= rounds; round += 1) {
    await Promise.all([work(`a${round}`), repair(), work(`b${round}`), sweep(), work(`c${round}`), repair(), leases.takeBack()]);
    clock.ms += leaseMs + 1;
    await Promise.all([leases.takeBack(), work(`d${round}`)]);
    const late = silent.splice(0).filter(({ slot_id }) => book.slot(slot_id).state !== 'ALLOCATED' || owners.has(slot_id));
    await Promise.all([work(`e${round}`), ...late.map(comeBack)]);
  }
  clock.ms += leaseMs + 1;
  await leases.takeBack();
  await sweep();
  expect(book.slotsOf('app').map(({ state }) => state)).toEqual(['AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'AVAILABLE']);
  expect(seen.given).toBeGreaterThan(rounds);
  expect(Math.min(seen.silent, seen.repaired)).toBeGreaterThan(50);
});
