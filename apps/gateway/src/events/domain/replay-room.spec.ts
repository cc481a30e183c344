import { expect, test } from '@jest/globals';
import { ReplayRoom } from './replay-room.js';

const never = new AbortController().signal;

test('what clients have missed is bounded for all of them together', () => {
  const room = new ReplayRoom(2, 1_000);
  expect([room.keep(600), room.keep(500), room.keep(400)]).toEqual([true, false, true]);
  room.giveBack(600);
  expect([room.held, room.keep(500)]).toEqual([400, true]);
});

test('only so many read at once what they have missed, and one that waits too long reads nothing', async () => {
  const room = new ReplayRoom(1, 1_000);
  const end = await room.begin(never);
  const late = new AbortController();
  const waiting = room.begin(late.signal);
  late.abort();
  expect(await waiting).toBeNull();
  end?.();
  expect(await room.begin(never)).not.toBeNull();
});
