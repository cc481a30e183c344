import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlatformState } from '@kintsugi/supervisor';
import { exitCodes } from '../exit-codes.js';
import { Failure, type FailureDetails } from '../failure.js';

const pollMs = 50;

/** What it says as `up --json` does: the state once it is ready, and the admin key when one was made, or why it did not start. */
type Answer = (PlatformState & { admin_key?: string }) | { error: FailureDetails };

/** A program that becomes the platform of a home. */
export interface DetachedProgram {
  program: string;
  args: string[];
  /** The whole of it. */
  environment: NodeJS.ProcessEnv;
}

export interface DetachedStart {
  state: PlatformState & { admin_key?: string };
  /** false: another one was quicker, and its platform is the one that runs. */
  isOurs: boolean;
}

/** Runs a platform in the background, in a session of its own, and resolves when it is ready. */
export async function startDetached(home: string, detached: DetachedProgram): Promise<DetachedStart> {
  const answer = join(home, 'run', `up.${process.pid}.json`);
  const child = spawnDetached(home, answer, detached);
  const ended = once(child, 'exit').then(() => undefined);
  let isBrokenOff = false;
  const stop = (): void => {
    isBrokenOff = true;
    child.kill('SIGTERM');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for (;;) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      const given = readAnswer(answer);
      if (given && 'error' in given) throw Failure.fromJson(given);
      if (given) return { state: given, isOurs: given.supervisor.pid === child.pid };
      if (hasEnded && isBrokenOff) throw brokenOff();
      if (hasEnded) throw endedWithoutAnswer(join(home, 'logs', 'up.log'));
      await Promise.race([ended, delay(pollMs)]);
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    child.unref();
    // It may hold the admin key, which is kept nowhere.
    rmSync(answer, { force: true });
  }
}

function spawnDetached(home: string, answer: string, { program, args, environment }: DetachedProgram): ChildProcess {
  for (const folder of ['run', 'logs']) mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
  const [stdout, stderr] = [openSync(answer, 'w', 0o600), openSync(join(home, 'logs', 'up.log'), 'a', 0o600)];
  const child = spawn(process.execPath, [program, ...args], {
    detached: true,
    stdio: ['ignore', stdout, stderr],
    env: environment,
  });
  closeSync(stdout);
  closeSync(stderr);
  return child;
}

/** What it has said, once it has said all of it. */
function readAnswer(path: string): Answer | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Answer;
  } catch {
    return null;
  }
}

function endedWithoutAnswer(log: string): Failure {
  return new Failure('UNAVAILABLE', 'The platform ended while it started.', { advice: `See ${log}.` });
}

function brokenOff(): Failure {
  return new Failure('UNAVAILABLE', 'The start was broken off; nothing runs.', { exitCode: exitCodes.interrupted });
}
