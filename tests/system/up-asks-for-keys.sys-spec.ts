// With AUTH=on nobody gets in without a key, the admin key is shown once and kept nowhere, keys come and go while it runs, and a restart signs nobody out.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { createHome, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;

beforeEach(async () => {
  place = await createHome();
});

afterEach(() => place.remove());

const statusWith = async (key?: string) =>
  (await fetch(`${place.apiUrl}/v1/jobs`, { headers: key ? { authorization: `Bearer ${key}` } : {} })).status;

async function signIn(key: string): Promise<string> {
  const response = await fetch(`${place.apiUrl}/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api_key: key }),
  });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const isSignedIn = async (cookie: string) =>
  ((await (await fetch(`${place.apiUrl}/console/session`, { headers: { cookie } })).json()) as { signed_in: boolean }).signed_in;

test('with AUTH=on there is an admin key, shown once and kept nowhere, and nobody gets in without one', async () => {
  const first = await runCommand(['up', '--detach', '--json', ...place.options, '--auth', 'on']);
  const { admin_key } = JSON.parse(first.stdout) as { admin_key: string };
  expect(admin_key).toMatch(/^kin_admin_[0-9a-f]{64}$/);
  expect([await statusWith(), await statusWith('kin_admin_'.padEnd(74, '0')), await statusWith(admin_key)]).toEqual([
    401, 401, 200,
  ]);
  const cookie = await signIn(admin_key);
  expect([await isSignedIn(''), await isSignedIn(cookie)]).toEqual([false, true]);
  for (const folder of ['.', 'run', 'logs']) {
    for (const file of readdirSync(join(place.home, folder), { withFileTypes: true }).filter((entry) => entry.isFile())) {
      const path = join(place.home, folder, file.name);
      expect({ path, holdsKey: readFileSync(path, 'utf8').includes(admin_key) }).toEqual({ path, holdsKey: false });
      expect({ path, mode: statSync(path).mode & 0o077 }).toEqual({ path, mode: 0 });
    }
  }
  await runCommand(['down', '--home', place.home]);
  const again = await runCommand(['up', '--detach', '--json', ...place.options, '--auth', 'on']);
  expect(again.stdout).not.toContain('admin_key');
  expect(await statusWith(admin_key)).toBe(200);
  // A restart signs nobody out.
  expect(await isSignedIn(cookie)).toBe(true);
  const keys = (...args: string[]) => runCommand(['keys', ...args, '--json', '--home', place.home]);
  const { key } = JSON.parse((await keys('create', 'reports')).stdout) as { key: string };
  await eventually(async () => expect(await statusWith(key)).toBe(200));
  expect(await keys('revoke', 'reports')).toMatchObject({ code: 0 });
  await eventually(async () => expect(await statusWith(key)).toBe(401));
});
