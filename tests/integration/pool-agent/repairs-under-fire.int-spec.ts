import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import { afterAnOwner } from '../../../apps/pool-agent/src/recovery/slot-doctor.js';
import { randomFrom } from '../../system/random-from.js';
import { mutate } from './mutations.js';
import { pack, put, setByte, type Patient } from './patient.js';
import { hashOfFolder, openPools, startPools } from './pool-under-test.js';
import { git } from './repository.js';
import { expectSound } from './sound-slot.js';

/** Damages of one run of this file; TEST_RUNS asks for more of them, and for twice as many rounds: 500 for all that is promised. */
const mutants = Number(process.env['TEST_RUNS'] ?? 16);
const rounds = process.env['TEST_RUNS'] === undefined ? 5 : 2 * mutants;
/** Steps at which the agent is killed: each record that is written and each folder that is moved; with many runs each call that changes files. */
const steps = mutants < 100 ? 'rename' : 'rename,rm,writeFile,open,mkdir,cp,copyFile,symlink,chmod';

let under: Awaited<ReturnType<typeof startPools>>;
let tree: string;

beforeAll(async () => {
  under = await startPools({ size: 4 });
  tree = git((under.slots[0] as SlotView).path, 'rev-parse', 'HEAD^{tree}');
});
afterAll(() => under.close());

const patientOf = ({ path }: SlotView): Patient => ({
  ...{ path, gitDir: join(path, '.git'), canary: join(under.root, 'canary'), outside: under.root },
});

describe('an agent that is killed at any step of a repair', () => {
  const program = fileURLToPath(new URL('killed-agent.mjs', import.meta.url));
  const repairs: [string, (patient: Patient) => void][] = [
    ['re-clone', ({ gitDir }) => rmSync(gitDir, { recursive: true })],
    ['objects, then clean', (patient) => setByte(pack(patient), 40)],
  ];

  test.each(repairs)('by %s makes it to its end at the next start, and nothing is lost', async (_rungs, harm) => {
    const [slot, neighbour] = under.slots as [SlotView, SlotView];
    const before = hashOfFolder(neighbour.path);
    for (let killAt = 1, isOver = false; !isOver; killAt += 1) {
      put(join(slot.path, 'draft'), `draft ${killAt}`);
      harm(patientOf(slot));
      const run = spawnSync(process.execPath, [program, under.pools.folder.root, slot.slot_id, String(killAt), steps], {
        encoding: 'utf8',
      });
      isOver = run.signal === null;
      if (isOver) expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'recovered', steps: killAt - 1 });

      const again = await openPools(under.root);
      const left = again.book.slot(slot.slot_id).state;
      if (left === 'RECOVERING') await again.doctor.recover(slot.slot_id, { evict: true, assume: afterAnOwner });
      if (left === 'AVAILABLE' && !isOver) await again.doctor.recover(slot.slot_id);
      expect({ killAt, state: again.book.slot(slot.slot_id).state }).toEqual({ killAt, state: 'AVAILABLE' });
      expectSound(slot.path, tree);
      expect(textsOf(again.folder.root, 'draft')).toContain(`draft ${killAt}`);
      expect(['journal', 'staging', 'shadows'].flatMap((part) => readdirSync(join(again.folder.root, part)))).toEqual([]);
      expect(hashOfFolder(neighbour.path)).toBe(before);
    }
  });
});

/** What all files of a name below a folder say. */
function textsOf(folder: string, name: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(`/${name}`));
  return paths.map((path) => readText(join(folder, path)));
}

test.each(inPartsOf(25, mutants))(
  'a slot whose .git is damaged by chance is as it was, or isolated with what was seen; nothing else changes (seeds %i to %i)',
  async (first, last) => {
    const { pools, slots, root } = under;
    const [patient, ...others] = slots as [SlotView, ...SlotView[]];
    const beyond = (): string[] =>
      [join(root, 'repository'), ...others.map(({ path }) => path)].map((path) => hashOfFolder(path));
    const before = beyond();
    const ends: Record<string, number> = {};
    for (let seed = first; seed <= last; seed += 1) {
      const damage = mutate(join(patient.path, '.git'), randomFrom(seed));
      const { outcome, slot, reason } = await pools.doctor.recover(patient.slot_id);
      ends[outcome] = (ends[outcome] ?? 0) + 1;
      try {
        if (slot.state === 'AVAILABLE') expectSound(patient.path, tree);
        else expect({ state: slot.state, reason }).toEqual({ state: 'ERROR', reason: expect.stringMatching(/\S/) });
        expect(beyond()).toEqual(before);
      } catch (error) {
        throw new Error(`Seed ${seed} (${damage.join(', ')}) has ended as ${outcome}: ${reason}`, { cause: error });
      }
      if (slot.state !== 'AVAILABLE') {
        rmSync(patient.path, { recursive: true });
        await pools.doctor.recover(patient.slot_id);
      }
    }
    expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(last - first + 1);
  },
);

test.each(inPartsOf(25, rounds))(
  'no slot is given out while it is repaired, and none to two (rounds %i to %i)',
  async (first, last) => {
    const { pools } = under;
    const random = randomFrom(first);
    const owners = new Map<string, string>();
    const highest = new Map<string, number>();
    const work = async (owner: string): Promise<void> => {
      const { slot_id, token, path } = await pools.allocate({ pool: 'app', owner }).catch(unlessExhausted);
      if (slot_id === undefined) return;
      expect({ state: pools.book.slot(slot_id).state, other: owners.get(slot_id) }).toEqual({
        state: 'ALLOCATED',
        other: undefined,
      });
      expect(token).toBeGreaterThan(highest.get(slot_id) ?? 0);
      owners.set(slot_id, owner);
      highest.set(slot_id, token);
      expect(git(path, 'status', '--porcelain')).toBe('');
      writeFileSync(join(path, 'mine'), owner);
      if (random() < 0.3) writeFileSync(join(path, '.git', 'HEAD'), 'garbage');
      await pools.autoRecover({ depth: 'quick' }).catch(unlessBusy);
      expect(readText(join(path, 'mine'))).toBe(owner);
      owners.delete(slot_id);
      await pools.release({ slot_id, token });
    };
    const repair = async (): Promise<void> => {
      const slot = under.slots[Math.floor(random() * under.slots.length)] as SlotView;
      await pools.doctor.recover(slot.slot_id).catch(unlessBusy);
    };
    for (let round = first; round <= last; round += 1) {
      await Promise.all([work(`a${round}`), repair(), work(`b${round}`), repair()]);
    }
    expect(pools.book.slotsOf('app').map(({ state }) => state)).toEqual(['AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'AVAILABLE']);
    expect(Math.min(...highest.values())).toBeGreaterThan(1);
  },
);

/** From the first to the last of each part, so that none of many runs comes near the time limit of a test. */
function inPartsOf(size: number, count: number): [number, number][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, part) => [part * size + 1, Math.min(count, (part + 1) * size)]);
}

const readText = (path: string): string => readFileSync(path, 'utf8');

function unlessExhausted(error: unknown): { slot_id?: undefined; token: number; path: string } {
  if (codeOf(error) !== 'POOL_EXHAUSTED') throw error;
  return { token: 0, path: '' };
}

function unlessBusy(error: unknown): void {
  if (codeOf(error) !== 'STATE_CONFLICT') throw error;
}

const codeOf = (error: unknown) => (error as { code?: string }).code;
