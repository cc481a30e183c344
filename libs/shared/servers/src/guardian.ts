/**
 * The guardian: a process that outlives the one that started it for just long enough to end what that one left behind.
 * It reads JSON lines from its standard input; when they end without a farewell, its holder has died, in whatever way.
 * It is run as it stands, from the sources too, so it imports nothing of ours that has to be built.
 */
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startTimeOf } from '../process-start.mjs';

/** What a holder may say, one JSON object a line. */
export type GuardianOrder =
  { hold: number } | { release: number } | { hold_folder: string } | { release_folder: string } | { farewell: true };

const mark = process.argv[2] ?? '';
const graceMs = Number(process.argv[3]);
const killTimeoutMs = 5_000;
const pollMs = 50;

/** Pids to end, each with the time it started, because a pid may be given to another process later. */
const held = new Map<number, string | undefined>();
const folders = new Set<string>();

function isAlive(pid: number, startTime: string | undefined): boolean {
  if (startTime !== undefined) return startTimeOf(pid) === startTime;
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux';
  } catch {
    return false;
  }
}

/** Processes that carry the mark in their environment: children of children, and those whose pid came too late. */
function marked(): number[] {
  if (process.platform !== 'linux' || mark === '') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        return startTimeOf(pid) !== undefined && readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
      } catch {
        return false;
      }
    });
}

function remaining(): number[] {
  const told = [...held].filter(([pid, startTime]) => isAlive(pid, startTime)).map(([pid]) => pid);
  return [...new Set([...told, ...marked()])];
}

function signal(pid: number, name: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, name);
    } catch {
      // It has ended meanwhile, or leads no group.
    }
  }
}

async function endAll(name: NodeJS.Signals, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const told = new Set<number>();
  for (let pids = remaining(); pids.length > 0 && Date.now() < deadline; pids = remaining()) {
    for (const pid of pids) {
      if (!told.has(pid)) signal(pid, name);
      told.add(pid);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function cleanUp(): Promise<void> {
  await endAll('SIGTERM', graceMs);
  await endAll('SIGKILL', killTimeoutMs);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(0);
}

function obey(order: GuardianOrder): void {
  if ('hold' in order) held.set(order.hold, startTimeOf(order.hold));
  else if ('release' in order) held.delete(order.release);
  else if ('hold_folder' in order) folders.add(order.hold_folder);
  else if ('release_folder' in order) folders.delete(order.release_folder);
  else process.exit(0);
}

for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined);
createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line) as GuardianOrder))
  .on('close', () => void cleanUp());
