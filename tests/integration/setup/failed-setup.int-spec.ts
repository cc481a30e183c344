import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const script = join(import.meta.dirname, '..', '..', '..', 'kintsugi');

test('a set-up that fails names the step, why, and what to do, also as JSON', () => {
  const environment = { ...process.env, NATS_SERVER_BIN: '/nonexistent' };
  const { status, stdout, stderr } = spawnSync(script, ['setup', '--json'], { env: environment, encoding: 'utf8' });
  expect(status).toBe(78);
  expect(stderr).toMatch(/Set-up failed at "nats-server": NATS_SERVER_BIN [^]*\nWhat to do: Set NATS_SERVER_BIN/);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: 'SETUP_FAILED',
      step: 'nats-server',
      detail: expect.stringContaining('/nonexistent'),
      advice: expect.stringContaining('NATS_SERVER_BIN'),
      exit_code: 78,
    },
  });
});
