// A backup that is taken while jobs come and go holds what one moment held, in every database, and comes up elsewhere.
import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createClient, type Client } from '@kintsugi/client';
import { eventually } from '@kintsugi/testing';
import { createHome, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;
let other: TestHome;

beforeEach(async () => {
  place = await createHome();
  other = await createHome();
});

afterEach(async () => {
  await place.remove();
  await other.remove();
});

/** Makes jobs of one to three tasks, one after the other, until it is stopped. */
function keepSubmitting(client: Client): { accepted: string[]; stop: () => Promise<void> } {
  const accepted: string[] = [];
  let stopped = false;
  const submitting = (async () => {
    while (!stopped) {
      const tasks = Array.from({ length: 1 + (accepted.length % 3) }, (_, n) => ({ payload: { n } }));
      const job = { product_id: 'shop', sending_group_id: 'spring', type: 'waits.for-a-worker', tasks };
      accepted.push((await client.createJob(job)).job_id);
    }
  })();
  return {
    accepted,
    stop: () => {
      stopped = true;
      return submitting;
    },
  };
}

const jsonOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as Record<string, unknown>;

test('a backup under load is restored elsewhere, whole, and what it lacks is told exactly', async () => {
  await runCommand(['up', '--detach', ...place.options]);
  const client = createClient({ baseUrl: place.apiUrl });
  const load = keepSubmitting(client);
  await eventually(() => expect(load.accepted.length).toBeGreaterThan(60));
  const safeBefore = [...load.accepted];
  const folder = join(other.home, 'backup');
  expect(await runCommand(['backup', folder, '--home', place.home, '--json'])).toMatchObject({ code: 0 });
  const startedAfter = load.accepted.length;
  await eventually(() => expect(load.accepted.length).toBeGreaterThan(startedAfter + 20));
  await load.stop();
  const late = load.accepted.slice(startedAfter + 1);

  expect(await runCommand(['backup', folder, '--home', place.home])).toMatchObject({ code: 78 });
  await runCommand(['down', '--home', place.home]);
  expect(await runCommand(['restore', folder, '--home', place.home])).toMatchObject({ code: 78 });
  const restored = await runCommand(['restore', folder, '--home', place.home, '--force', '--json']);
  expect(restored).toMatchObject({ code: 0 });
  const lacking = (jsonOf(restored)['lacks'] as { job_id: string; lacks: string }[]).map(({ job_id }) => job_id);
  expect(lacking).toEqual(expect.arrayContaining(late));
  expect(lacking.filter((id) => safeBefore.includes(id))).toEqual([]);

  await runCommand(['up', '--detach', ...place.options]);
  const kept = new Set(load.accepted.filter((id) => !lacking.includes(id)));
  for (const id of kept) expect(await client.getJob(id)).toMatchObject({ id, type: 'waits.for-a-worker' });
  await expect(client.getJob(late[0]!)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
});

test('a backup that was changed is not restored, and nothing is touched', async () => {
  await runCommand(['up', '--detach', ...place.options]);
  const { job_id } = await createClient({ baseUrl: place.apiUrl }).createJob({
    ...{ product_id: 'shop', sending_group_id: 'spring', type: 'waits.for-a-worker', tasks: [{}] },
  });
  const folder = join(other.home, 'backup');
  await runCommand(['backup', folder, '--home', place.home]);
  const [file] = readdirSync(folder).filter((name) => name.includes('_jobs.chunks'));
  const bytes = readFileSync(join(folder, file!));
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(join(folder, file!), bytes);
  await runCommand(['down', '--home', place.home]);
  const { code, stderr } = await runCommand(['restore', folder, '--home', place.home, '--force']);
  expect({ code, told: stderr.replace(/\s+/g, ' ').includes('is not as it was written') }).toEqual({ code: 78, told: true });
  await runCommand(['up', '--detach', ...place.options]);
  expect(await createClient({ baseUrl: place.apiUrl }).getJob(job_id)).toMatchObject({ id: job_id });
});
