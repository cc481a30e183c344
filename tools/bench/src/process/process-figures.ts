import { readFileSync, readdirSync } from 'node:fs';
import { parseMemoryRollup, parseProcessStat, withDescendants, type ProcessAccount } from '../domain/process-accounts.js';

/** CPU time that processes and all their descendants have used so far. */
export function cpuMsOf(roots: readonly number[]): number {
  return withDescendants(roots, allAccounts()).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Memory of processes and all their descendants. */
export function memoryOf(roots: readonly number[]): { rssMb: number; pssMb: number } {
  let [rssKb, pssKb] = [0, 0];
  for (const { pid } of withDescendants(roots, allAccounts())) {
    const memory = parseMemoryRollup(read(`/proc/${pid}/smaps_rollup`));
    rssKb += memory.rssKb;
    pssKb += memory.pssKb;
  }
  return { rssMb: rssKb / 1_024, pssMb: pssKb / 1_024 };
}

function allAccounts(): ProcessAccount[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => read(`/proc/${pid}/stat`))
    .filter((text) => text !== '')
    .map(parseProcessStat);
}

/** A process that has just ended reads as empty. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
