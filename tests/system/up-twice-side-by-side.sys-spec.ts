// Two platforms with homes and ports of their own run side by side, on servers of their own or the same.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createClient } from '@kintsugi/client';
import { eventually } from '@kintsugi/testing';
import { createHome, isAlive, runCommand, type TestHome } from '../command-line.js';

let places: [TestHome, TestHome];

beforeEach(async () => {
  places = [await createHome(), await createHome()];
});

afterEach(() => Promise.all(places.map((place) => place.remove())));

test('two platforms with homes and ports of their own run side by side, and one stops without the other', async () => {
  const [first, second] = places;
  const runs = await Promise.all(places.map(({ options }) => runCommand(['up', '--detach', ...options])));
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
    { code: 0, stderr: '' },
    { code: 0, stderr: '' },
  ]);
  for (const { stdout } of runs) expect(stdout).toMatch(/^Stop it with:\n {2}\.\/kintsugi down (\\\n {6})?--home \S+$/m);
  for (const { apiUrl } of places) expect((await fetch(`${apiUrl}/health/ready`)).status).toBe(200);
  const pids = second.pids();
  await runCommand(['down', '--home', first.home]);
  await expect(fetch(`${first.apiUrl}/health/live`)).rejects.toThrow();
  const status = await runCommand(['status', '--home', first.home]);
  expect(status).toMatchObject({ code: 1, stdout: expect.stringMatching(/Start it\s+with:\n {2}\.\/kintsugi up /) });
  expect((await fetch(`${second.apiUrl}/health/ready`)).status).toBe(200);
  expect(pids.every(isAlive)).toBe(true);
});

test('two platforms that share servers of the user call their processes differently, so that none ends for having the name of another', async () => {
  const [first, second] = places;
  await runCommand(['up', '--detach', ...first.options]);
  const { nats, mongo } = first.state().urls;
  const run = await runCommand(['up', '--detach', ...second.options], { NATS_URL: nats, MONGO_URL: mongo });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const client = createClient({ baseUrl: second.apiUrl });
  await eventually(async () => {
    const { processes } = await client.health();
    for (const name of ['gateway', 'job-service', 'recovery-service', 'metrics-service']) {
      const instances = processes.filter(({ service }) => service === name).map(({ instance }) => instance);
      expect(new Set(instances).size).toBe(2);
    }
  });
  await runCommand(['down', '--home', second.home]);
  expect(first.state().processes.filter(({ restarts }) => restarts > 0)).toEqual([]);
});

test('of two starts of one home at once, one runs and the other says so', async () => {
  const [place] = places;
  const runs = await Promise.all([1, 2].map(() => runCommand(['up', '--detach', ...place.options])));
  expect(place.state().status).toBe('ready');
  expect((await fetch(`${place.apiUrl}/health/ready`)).status).toBe(200);
  const said = runs.map(({ stdout, stderr }) => stdout + stderr);
  expect(said.filter((words) => words.startsWith('Ready'))).toHaveLength(1);
  expect(said.filter((words) => /runs already/i.test(words))).toHaveLength(1);
});
