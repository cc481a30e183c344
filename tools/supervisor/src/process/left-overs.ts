import { setTimeout as delay } from 'node:timers/promises';
import type { PlatformState, ProcessIdentity } from '../domain/platform-state.js';
import { isRunning } from './process-identity.js';

/** From SIGTERM to SIGKILL; their guardian asks the same of them at the same time. */
const graceMs = 7_000;
const killTimeoutMs = 5_000;
const pollMs = 25;

/** Ends what a dead supervisor left behind, and waits until it is gone. Returns the names of what was still there. */
export async function sweepLeftOvers(state: PlatformState): Promise<string[]> {
  const named = state.processes.flatMap(({ name, process }) => (process ? [{ name, identity: process }] : []));
  const present = await stillThere(named);
  signalAll(present, 'SIGTERM');
  const stubborn = await waitForEnd(present, graceMs);
  signalAll(stubborn, 'SIGKILL');
  await waitForEnd(stubborn, killTimeoutMs);
  return present.map(({ name }) => name);
}

interface NamedProcess {
  name: string;
  identity: ProcessIdentity;
}

async function stillThere(processes: NamedProcess[]): Promise<NamedProcess[]> {
  const running = await Promise.all(processes.map(({ identity }) => isRunning(identity)));
  return processes.filter((_, index) => running[index]);
}

function signalAll(processes: NamedProcess[], signal: NodeJS.Signals): void {
  for (const { identity } of processes) {
    try {
      process.kill(identity.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

async function waitForEnd(processes: NamedProcess[], timeoutMs: number): Promise<NamedProcess[]> {
  const deadline = Date.now() + timeoutMs;
  let remaining = await stillThere(processes);
  while (remaining.length > 0 && Date.now() < deadline) {
    await delay(pollMs);
    remaining = await stillThere(remaining);
  }
  return remaining;
}
