// A port that is taken is named with its holder and its setting before anything is started.
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHome, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;
let holder: Server;

beforeEach(async () => {
  place = await createHome();
  holder = createServer();
});

afterEach(async () => {
  holder.close();
  await place.remove();
});

describe('a port that is taken is named with its holder and its setting, and nothing is started', () => {
  test.each([
    ['api', 'API_PORT', '--port'],
    ['nats', 'NATS_PORT', '--nats-port'],
    ['mongo', 'MONGO_PORT', '--mongo-port'],
  ] as const)('the port of %s', async (door, setting, flag) => {
    const port = place.ports[door];
    holder.listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const { code, stderr } = await runCommand(['up', ...place.options]);
    expect(code).toBe(69);
    expect(stderr).toContain(`Port ${port} (${setting}) is taken by`);
    expect(stderr.replaceAll('\n', ' ')).toMatch(new RegExp(`taken by node( \\S+)? \\(pid ${process.pid}\\)`));
    expect(stderr).toContain(`${flag} or ${setting}`);
    expect(existsSync(join(place.home, 'logs', 'mongod.log'))).toBe(false);
    const detached = await runCommand(['up', '--detach', '--json', ...place.options]);
    expect(detached.code).toBe(69);
    expect(JSON.parse(detached.stdout)).toMatchObject({ error: { code: 'UNAVAILABLE', exit_code: 69 } });
  });
});

test('settings that cannot be used are refused together, before anything is started', async () => {
  const { code, stderr } = await runCommand(['up', ...place.options, '--port', 'http'], { WORKERS: '65', AUTH: 'maybe' });
  expect(code).toBe(78);
  expect(stderr).toMatch(/API_PORT is "http" \(from the command\s+line\)/);
  expect(stderr).toMatch(/AUTH is "maybe" \(from the environment\)/);
  const detached = await runCommand(['up', '--detach', ...place.options, '--port', 'http']);
  expect(detached).toMatchObject({ code: 78, stderr: expect.stringMatching(/API_PORT is "http" \(from the command\s+line\)/) });
});

test('a setting that is misspelt in a file is named with what was meant', async () => {
  writeFileSync(join(place.home, '.env'), 'API_PROT=1\nMY_OWN=2\n');
  holder.listen(place.ports.api, '127.0.0.1');
  await once(holder, 'listening');
  const { code, stdout } = await runCommand(['up', ...place.options]);
  expect(code).toBe(69);
  expect(stdout.replaceAll('\n', ' ')).toContain('API_PROT is no setting. Did you mean API_PORT?');
  expect(stdout).not.toContain('MY_OWN');
});
