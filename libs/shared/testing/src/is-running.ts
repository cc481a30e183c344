import { readFileSync } from 'node:fs';

/** Whether a process runs: one that has ended may still wait to be collected. */
export function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}
