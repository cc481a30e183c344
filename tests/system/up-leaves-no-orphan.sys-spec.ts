// When the supervisor is killed, everything that it started ends.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { createHome, isAlive, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;

beforeEach(async () => {
  place = await createHome();
  await runCommand(['up', '--detach', ...place.options]);
});

afterEach(() => place.remove());

test('when the supervisor is killed, everything it started ends, and the next up starts as if nothing had been', async () => {
  const pids = place.pids();
  expect(pids).toHaveLength(6);
  process.kill(place.state().supervisor.pid, 'SIGKILL');
  await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
  expect(await runCommand(['status', '--home', place.home])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('not running'),
  });
  expect(await runCommand(['up', '--detach', ...place.options])).toMatchObject({ code: 0 });
  expect(place.pids()).toHaveLength(6);
});

test('up right after the supervisor was killed ends what is left first', async () => {
  const pids = place.pids();
  process.kill(place.state().supervisor.pid, 'SIGKILL');
  expect(await runCommand(['up', '--detach', ...place.options])).toMatchObject({ code: 0 });
  expect(pids.filter(isAlive)).toEqual([]);
  expect(place.pids()).toHaveLength(6);
});
