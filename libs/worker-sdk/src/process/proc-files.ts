import { readFileSync, readdirSync } from 'node:fs';

/** What `/proc/PID/stat` says of a process that runs. */
export interface ProcessStat {
  pid: number;
  /** What stands behind its state: the parent first. */
  fields: readonly string[];
}

/** The processes of this machine, by /proc; none where there is no such thing. */
export function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Null where it runs no more. */
export function statOf(pid: number | 'self'): ProcessStat | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in the second field may hold spaces and brackets.
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? null : { pid: Number.parseInt(stat, 10), fields };
}

/** When a process started, in the system's terms; undefined when it has ended. With the pid it names one process for ever. */
export function startTimeOf(pid: number): string | undefined {
  return statOf(pid)?.fields[18];
}

export function readText(path: string): string | null {
  try {
    // By any other encoding each read of a file that has no size takes 64 KiB, which wait to be collected.
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
