import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { runCommand } from '../../command-line.js';

let folder: TemporaryFolder;
let other: Server;
let asked: string[];
let port: string;

/** Another platform, where a command would look that knows of none. */
beforeEach(async () => {
  folder = createTemporaryFolder('named-home');
  asked = [];
  other = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items: [], next_cursor: null }));
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  port = String((other.address() as AddressInfo).port);
});

afterEach(async () => {
  other.close();
  await folder.remove();
});

/** What a supervisor that was killed leaves behind. */
function leaveState(): void {
  const state = {
    version: 1,
    status: 'ready',
    home: folder.path,
    supervisor: { pid: 2 ** 22 + 1, start_token: '1' },
    started_at: '2026-01-01T00:00:00.000Z',
    ready_at: null,
    urls: { api: `http://127.0.0.1:${port}`, nats: 'nats://127.0.0.1:1', mongo: 'mongodb://127.0.0.1:2' },
    auth: 'off',
    processes: [],
  };
  mkdirSync(join(folder.path, 'run'));
  writeFileSync(join(folder.path, 'run', 'state.json'), JSON.stringify(state));
}

describe('a command for a home whose platform is down talks to no other one, and says how to start it', () => {
  test.each([
    ['named by --home', () => ({ args: ['--home', folder.path], environment: {} })],
    ['named by KINTSUGI_HOME', () => ({ args: [], environment: { KINTSUGI_HOME: folder.path } })],
  ])('%s', async (_, named) => {
    const { args, environment } = named();
    for (const withState of [false, true]) {
      if (withState) leaveState();
      const run = await runCommand(['jobs', ...args], { ...environment, API_PORT: port });
      expect(run.code).toBe(69);
      // A path near the working folder is shown as seen from there.
      expect(run.stderr.replaceAll('\n', ' ')).toMatch(new RegExp(`Kintsugi is not running in \\S*${basename(folder.path)}`));
      expect(run.stderr.replaceAll('\n', ' ')).toMatch(/\.\/kintsugi up .*starts it/);
    }
    expect(asked).toEqual([]);
  });
});

test('a URL that is given is talked to, whatever home is named', async () => {
  const run = await runCommand(['jobs', '--home', folder.path, '--url', `http://127.0.0.1:${port}`]);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('No jobs') });
  expect(asked).toHaveLength(1);
});

test('a state that cannot be understood is told with its path, and no other platform is talked to', async () => {
  leaveState();
  const path = join(folder.path, 'run', 'state.json');
  writeFileSync(path, '{"version":1}');
  for (const command of ['jobs', 'status', 'down']) {
    const run = await runCommand([command, '--home', folder.path], { API_PORT: port });
    expect(run.code).toBe(1);
    expect(run.stderr.replaceAll('\n', ' ')).toMatch(
      /^FILE_UNREADABLE: .*state\.json does not hold the state of a platform\..*delete it/i,
    );
  }
  expect(asked).toEqual([]);
});
