import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../domain/platform-state.js';

const run = promisify(execFile);

/** Identifies a running process, or null when there is none with this pid. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const start_token = process.platform === 'linux' ? await startTicks(pid) : await startTime(pid);
  return start_token === null ? null : { pid, start_token };
}

/** Whether the very process that was identified is still there. One that only waits for its parent to hear of its end is not. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const found = await identify(identity.pid);
  return found !== null && found.start_token === identity.start_token;
}

/**
 * Field 22 of /proc/<pid>/stat. The name in field 2 may hold spaces and brackets, so counting starts after it. A zombie is
 * there while it has threads (field 20): they hold its ports and files until the last of them has ended.
 */
async function startTicks(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const hasEnded = fields[0] === 'Z' && Number(fields[17]) <= 1;
    return hasEnded ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

async function startTime(pid: number): Promise<string | null> {
  try {
    return (await run('ps', ['-o', 'lstart=', '-p', String(pid)])).stdout.trim() || null;
  } catch {
    return null;
  }
}
