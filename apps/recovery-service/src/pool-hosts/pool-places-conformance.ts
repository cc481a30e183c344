import { deepEqual, equal } from 'node:assert/strict';
import { placeKeptMs, type PoolPlaces } from './pool-places.js';

interface TestClock {
  time: number;
}

/** What every keeper of places promises. `places` begins without any, and goes by `clock`. */
export const poolPlacePromises: [promise: string, hold: (places: PoolPlaces, clock: TestClock) => Promise<void>][] = [
  ['gives all who ask for one name at once the same host', givesOneHost],
  ['frees a place once all who took it have left', freesWhenAllHaveLeft],
  ['frees a place that nobody has left, though others keep asking for it', freesTheSilent],
  ['frees the places of a host that is forgotten', freesThoseOfAHost],
];

async function givesOneHost(places: PoolPlaces): Promise<void> {
  const hosts = Array.from({ length: 20 }, (_, index) => `host-${index}`);
  const given = await Promise.all(hosts.map((host) => places.take('app', host, `by ${host}`)));
  equal(new Set(given).size, 1);
  equal(hosts.includes(String(given[0])), true);
  equal(await places.take('site', 'other', 'me'), 'other');
}

async function freesWhenAllHaveLeft(places: PoolPlaces): Promise<void> {
  deepEqual([await places.take('app', 'a', '1'), await places.take('app', 'b', '2')], ['a', 'a']);
  await places.leave('app', '1');
  equal(await places.take('app', 'b', '3'), 'a');
  await places.leave('app', '2');
  await places.leave('app', '3');
  await places.leave('app', '3');
  equal(await places.take('app', 'b', '4'), 'b');
}

async function freesThoseOfAHost(places: PoolPlaces): Promise<void> {
  await places.take('app', 'b', '2');
  await places.take('site', 'a', '3');
  await places.forgetHost('b');
  deepEqual([await places.take('app', 'c', '4'), await places.take('site', 'c', '5')], ['c', 'a']);
}

async function freesTheSilent(places: PoolPlaces, clock: TestClock): Promise<void> {
  await places.take('app', 'a', 'killed');
  clock.time += placeKeptMs - 1;
  equal(await places.take('app', 'b', '2'), 'a');
  clock.time += 1;
  // The other one has it still.
  equal(await places.take('app', 'c', '3'), 'a');
  for (const by of ['2', '3']) await places.leave('app', by);
  await places.take('site', 'a', 'killed');
  clock.time += placeKeptMs - 1;
  equal(await places.take('site', 'b', '4'), 'a');
  await places.leave('site', '4');
  clock.time += 1;
  equal(await places.take('site', 'b', '5'), 'b');
}
