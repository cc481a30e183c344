import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecord, removeDurably, writeDurably } from '../platform/durable-file.js';
import { markOfProcess, startOfProcess, bootId, type ProcessMark } from '../platform/process/processes-in.js';
import type { PoolFolder } from './pool-folder.js';

/** Makes this process the only one that writes to a folder. Rejects while another one that lives has it. */
export async function ownFolder({ root }: PoolFolder): Promise<() => Promise<void>> {
  const path = join(root, 'agent.json');
  await mkdir(root, { recursive: true, mode: 0o700 });
  const other = (await readRecord(path)) as ProcessMark | null | undefined;
  if (other && (await isAlive(other))) {
    throw new Error(
      `Process ${other.pid} has ${root}, and one agent has a folder. End it, or give this one another with POOL_FOLDER.`,
    );
  }
  await writeDurably(path, await markOfProcess(process.pid));
  return () => removeDurably(path);
}

async function isAlive({ boot_id, pid, pid_start }: ProcessMark): Promise<boolean> {
  return pid !== process.pid && boot_id === (await bootId()) && pid_start === (await startOfProcess(pid));
}
