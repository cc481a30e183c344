import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readState, type PlatformState } from '@kintsugi/supervisor';
import { exitCodes } from '../exit-codes.js';
import { Failure, type FailureFacts } from '../failure.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const pollMs = 50;

/** Runs `up` in the background, in a session of its own, and resolves when the platform is ready. */
export async function startDetached(home: string, settings: Record<string, string | undefined>): Promise<PlatformState> {
  const answer = join(home, 'run', 'up.json');
  const child = spawnUp(home, answer, settings);
  const ended = once(child, 'exit').then(() => undefined);
  const stop = (): void => void child.kill('SIGTERM');
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for (;;) {
      const state = readState(home);
      if (state?.status === 'ready' && state.supervisor.pid === child.pid) return state;
      if (child.exitCode !== null || child.signalCode !== null) throw failureIn(answer, join(home, 'logs', 'up.log'));
      await Promise.race([ended, delay(pollMs)]);
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    child.unref();
  }
}

function spawnUp(home: string, answer: string, settings: Record<string, string | undefined>): ChildProcess {
  for (const folder of ['run', 'logs']) mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
  const [stdout, stderr] = [openSync(answer, 'w', 0o600), openSync(join(home, 'logs', 'up.log'), 'w', 0o600)];
  const child = spawn(process.execPath, [program, 'up', '--json', '--home', home], {
    detached: true,
    stdio: ['ignore', stdout, stderr],
    env: { ...process.env, ...settings },
  });
  closeSync(stdout);
  closeSync(stderr);
  return child;
}

/** Why it ended, in its own words. */
function failureIn(answer: string, log: string): Failure {
  try {
    return Failure.fromJson(JSON.parse(readFileSync(answer, 'utf8')) as { error: FailureFacts });
  } catch {
    return new Failure('UNAVAILABLE', 'The platform ended while it started.', {
      advice: `See ${log}.`,
      exitCode: exitCodes.unavailable,
    });
  }
}
