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

/** What a process holds in memory now. */
export function residentMb(pid: number): number {
  return statusMb(pid, 'VmRSS');
}

/** The most that it has held since it began, or since that was last counted anew. */
export function peakMb(pid: number | undefined): number {
  return statusMb(pid, 'VmHWM');
}

/** How long the main thread of a process has run, and how long it was ready to run and had no core, since it began. */
export function scheduleOf(pid: number): { ranMs: number; waitedMs: number } {
  const [ranNs = 0, waitedNs = 0] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
  return { ranMs: ranNs / 1e6, waitedMs: waitedNs / 1e6 };
}

function statusMb(pid: number | undefined, name: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
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
