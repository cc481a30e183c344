import { pids, readText, statOf } from './proc-files.js';

/** CPU in ticks: of a process, and of its children that have ended and were waited for. */
export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  own: number;
  ofEnded: number;
  /** When it was read. */
  readAt: number;
}

/** Who looks again sooner gets what was read before: all processes of a worker are looked at in one go. */
const freshMsMin = 50;
/** A process must not be over before it is looked at. */
const freshMsMax = 500;
/** Reading takes the longer the more processes there are: about a tenth of a core. */
const costShare = 10;

let rows: readonly ProcessRow[] = [];
let readAt = -Infinity;
let freshMs = freshMsMin;

/** The processes of this machine, by /proc; none where there is no such thing. */
function processTable(): readonly ProcessRow[] {
  const now = performance.now();
  if (now - readAt < freshMs) return rows;
  const before = process.cpuUsage();
  rows = pids().flatMap((pid) => processRow(pid) ?? []);
  // Not its end: where reading takes long, the next look would come too soon after that to read anew.
  readAt = now;
  // By CPU: on a crowded machine, most of the time is spent waiting for a core.
  const { user, system } = process.cpuUsage(before);
  freshMs = Math.min(freshMsMax, Math.max(freshMsMin, ((user + system) / 1_000) * costShare));
  return rows;
}

/** Those of a process group, and what its leader has started outside of it, as far as the parents of these still run. */
export function processesOf(leader: number): ProcessRow[] {
  const table = processTable();
  const found = table.filter(({ pid, group }) => group === leader || pid === leader);
  const known = new Set(found.map(({ pid }) => pid));
  for (let isMore = true; isMore;) {
    const others = table.filter(({ pid, parent }) => known.has(parent) && !known.has(pid));
    for (const row of others) known.add(row.pid);
    found.push(...others);
    isMore = others.length > 0;
  }
  return found;
}

/** Null where it runs no more. */
export function processRow(pid: number | 'self'): ProcessRow | null {
  const stat = statOf(pid);
  if (stat === null) return null;
  const at = (field: number): number => Number(stat.fields[field] ?? 0);
  return {
    pid: stat.pid,
    parent: at(0),
    group: at(1),
    own: at(10) + at(11),
    ofEnded: at(12) + at(13),
    readAt: performance.now(),
  };
}

/** What is in memory of a process, in MiB; null where it runs no more. */
export function residentMib(pid: number): number | null {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}

/** Its part of what is in memory, in MiB: what it shares is split among those that share it. Slow to ask for; null where it can't be told. */
export function ownMib(pid: number): number | null {
  const kib = /^Pss:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}
