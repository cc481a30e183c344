import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import { brokenObjects } from './broken-objects.js';
import { brokenRefs } from './broken-refs.js';
import { foreignSlots } from './foreign-slots.js';
import { leftovers } from './leftovers.js';
import type { Patient } from './patient.js';
import { hashOfFolder, startPools } from './pool-under-test.js';
import { git } from './repository.js';
import { expectSound } from './sound-slot.js';

/** Ways in which working copies break, after the tests of git itself and what runners meet. */
const corruptionCases = [...brokenRefs, ...brokenObjects, ...leftovers, ...foreignSlots];

let under: Awaited<ReturnType<typeof startPools>>;
let healthy: SlotView;
let tree: string;
let filesOfHealthy: string;

beforeAll(async () => {
  under = await startPools({ size: corruptionCases.length + 1 });
  healthy = under.slots.at(-1) as SlotView;
  tree = git(healthy.path, 'rev-parse', 'HEAD^{tree}');
  filesOfHealthy = hashOfFolder(healthy.path);
});
afterAll(() => under.close());

function patientOf(slot: SlotView): Patient {
  const outside = join(under.root, 'outside', slot.slot_id);
  mkdirSync(outside, { recursive: true });
  return {
    ...{ path: slot.path, gitDir: join(slot.path, '.git'), canary: join(outside, 'canary'), outside },
  };
}

describe('a slot that is broken is repaired by the smallest repair that helps', () => {
  test.each(corruptionCases.map((one, index) => [one.name, one, index] as const))('%s', async (_name, corruption, index) => {
    const { harm, finds, rungs, end = 'recovered' } = corruption;
    const { pools } = under;
    const slot = under.slots[index] as SlotView;
    const patient = patientOf(slot);
    harm(patient);
    const damaged = hashOfFolder(patient.outside);

    const recovery = await pools.doctor.recover(slot.slot_id);
    expect(recovery.found.map(({ kind }) => kind)).toEqual(finds === null ? [] : expect.arrayContaining([finds]));
    expect({ rungs: recovery.rungs, outcome: recovery.outcome }).toEqual({ rungs, outcome: end });
    expect(existsSync(patient.canary)).toBe(false);
    expect(hashOfFolder(patient.outside)).toBe(damaged);
    if (end === 'isolated') {
      expect(recovery).toMatchObject({
        success: false,
        slot: { state: 'ERROR', metadata: { isolation_reason: expect.any(String) } },
      });
      return;
    }
    expect(recovery).toMatchObject({
      success: true,
      slot: { state: 'AVAILABLE', metadata: { verified: true, isolated_at: null } },
    });
    expectSound(slot.path, tree);
  });

  test('a second time there is nothing left to do, and nothing is done', async () => {
    const { folder } = under.pools;
    const after = hashOfFolder(folder.of('slots'));
    expect(await under.pools.anomalies()).toEqual({ long_allocated_slots: [], corrupted_slots: [], orphaned_locks: [] });
    expect(await under.pools.autoRecover()).toMatchObject({ corrupted_recovered: 0, corrupted_isolated: 0, errors: [] });
    expect(hashOfFolder(folder.of('slots'))).toBe(after);
  });

  test('and its neighbour is what it was, byte for byte', () => {
    expect(hashOfFolder(healthy.path)).toBe(filesOfHealthy);
    expect(statSync(healthy.path).isDirectory()).toBe(true);
  });
});
