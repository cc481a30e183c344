import { expect, test } from '@jest/globals';
import type { Inspection, Inspector } from '../inspection/inspector.js';
import { newSlot, type Slot } from '../slots/domain/slot.js';
import type { SlotBook } from '../slots/slot-book.js';
import { Detectors } from './detectors.js';
import type { LockKeeper } from './lock-keeper.js';

/** Detectors of two pools of one slot each, and the looks into slots, which go on until they are ended. */
function detectors() {
  const slots = ['app', 'web'].map((pool): Slot => ({ ...newSlot(`slot_${pool}`, pool, '2026-01-01'), state: 'AVAILABLE' }));
  const looks: { about: string; end: (inspection: Inspection) => void }[] = [];
  const inspector = {
    inspect: ({ slot_id }: Slot, { depth }: { depth: string }) =>
      new Promise<Inspection>((resolve) => looks.push({ about: `${slot_id} ${depth}`, end: resolve })),
  } as unknown as Inspector;
  const book = {
    pool: () => undefined,
    slotsOf: (pool?: string) => slots.filter((slot) => pool === undefined || slot.pool === pool),
    find: (id: string) => slots.find(({ slot_id }) => slot_id === id),
    isHeld: () => false,
    pathOf: () => '/slot',
  } as unknown as SlotBook;
  return { looks, ours: new Detectors(book, inspector, {} as LockKeeper, { now: () => 0 }) };
}

const sound: Inspection = { findings: [], commit: null };
const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

test('a thousand who have all objects read have them read once, and one pool after the other', async () => {
  const { looks, ours } = detectors();
  const app = Array.from({ length: 1_000 }, () => ours.corrupted({ depth: 'full', pool: 'app' }));
  const web = ours.corrupted({ depth: 'full', pool: 'web' });
  await turns();
  expect(looks.map(({ about }) => about)).toEqual(['slot_app full']);
  looks[0]?.end({ findings: [{ kind: 'head-broken', detail: 'x' }], commit: null });
  const answers = await Promise.all(app);
  expect(answers.every((answer) => answer === answers[0])).toBe(true);
  expect(answers[0]).toMatchObject([{ slot_id: 'slot_app', findings: [{ kind: 'head-broken' }] }]);
  await turns();
  expect(looks.map(({ about }) => about)).toEqual(['slot_app full', 'slot_web full']);
  looks[1]?.end(sound);
  expect(await web).toEqual([]);
});

test('a quick look waits for none of those, and who asks after a look has ended gets a new one', async () => {
  const { looks, ours } = detectors();
  const full = ours.corrupted({ depth: 'full', pool: 'app' });
  const quick = ours.corrupted({ depth: 'quick', pool: 'app' });
  await turns();
  expect(looks.map(({ about }) => about)).toEqual(['slot_app quick', 'slot_app full']);
  for (const { end } of looks) end(sound);
  expect(await Promise.all([full, quick])).toEqual([[], []]);
  const again = ours.corrupted({ depth: 'full', pool: 'app' });
  await turns();
  looks[2]?.end(sound);
  expect(await again).toEqual([]);
});
