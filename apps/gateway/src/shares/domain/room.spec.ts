import { expect, test } from '@jest/globals';
import { Room } from './room.js';

const never = new AbortController().signal;
/** Lets promises go on that wait for nothing else. */
async function turn(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}

test('is given to as many as it has room for, and then to those that wait, first come first', async () => {
  const room = new Room(2);
  const given: number[] = [];
  const back: (() => void)[] = [];
  const taking: Promise<void>[] = [];
  for (const at of [0, 1, 2, 3]) {
    taking.push(
      room.take(never).then((giveBack) => {
        given.push(at);
        if (giveBack) back.push(giveBack);
      }),
    );
  }
  await turn();
  expect([given, room.held, room.isWanted]).toEqual([[0, 1], 2, true]);
  back[0]?.();
  await turn();
  expect([given, room.held]).toEqual([[0, 1, 2], 2]);
  for (const giveBack of back.slice(1)) giveBack();
  await turn();
  await Promise.all(taking);
  expect([given, room.held, room.isWanted]).toEqual([[0, 1, 2, 3], 1, false]);
});

test('is not given to whoever has gone meanwhile', async () => {
  const room = new Room(1);
  const giveBack = await room.take(never);
  const gone = new AbortController();
  const late = room.take(gone.signal);
  gone.abort();
  expect(await late).toBeNull();
  giveBack?.();
  expect([room.held, room.isWanted]).toEqual([0, false]);
});

test('is given to the next where the first of those that wait goes as it is told of it', async () => {
  const room = new Room(1);
  const giveBack = await room.take(never);
  const gone = new AbortController();
  const first = room.take(gone.signal);
  const second = room.take(never);
  giveBack?.();
  gone.abort();
  expect(await first).toBeNull();
  await turn();
  expect([room.held, room.isWanted]).toEqual([1, false]);
  expect(await second).not.toBeNull();
});

test('is given to whose holder has least of it, however many others of one have waited longer', async () => {
  const room = new Room(2);
  const [giveBack] = [await room.take(never, 'many'), await room.take(never, 'many')];
  const given: string[] = [];
  const taking = ['many', 'many', 'one'].map((holder) => room.take(never, holder).then(() => given.push(holder)));
  giveBack?.();
  expect(await Promise.race(taking)).toBe(1);
  expect(given).toEqual(['one']);
});
