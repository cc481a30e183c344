// A log that takes no lines ends no process: neither a full disk nor a pipe that nobody reads any more.
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '@kintsugi/servers';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';

let servers: TestServers;
let child: ChildProcess | undefined;

beforeAll(async () => {
  servers = await startTestServers();
});

afterEach(() => {
  child?.kill('SIGKILL');
});

afterAll(() => servers?.stop());

test.each([
  ['a full disk', () => openSync('/dev/full', 'w')],
  ['a pipe without a reader', () => 'pipe' as const],
])('a gateway whose log is %s goes on, and counts the lines', async (_, logOf) => {
  const port = await freePort();
  const log = logOf();
  child = spawn(process.execPath, [bundleOf('gateway')], {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      NATS_URL: servers.natsUrl,
      API_PORT: String(port),
      OPS_PORT: '0',
      INSTANCE_ID: 'under-test',
      AUTH: 'off',
      LOG_LEVEL: 'trace',
    },
  });
  child.stdout?.destroy();
  child.stderr?.destroy();
  const lost = async (): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(/^kintsugi_log_lines_lost_total\{[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
  };
  await eventually(async () => expect(await lost()).toBeGreaterThan(0));
  expect(child.exitCode).toBeNull();
});
