import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, in the system's own terms: with the pid it names one process for ever. Undefined when it has ended.
 *
 * Where there is /proc it is field 22 of its `stat`; the name in field 2 may hold spaces and brackets, so counting starts after
 * it. A zombie has ended once none of its threads (field 20) is left to hold its ports and files.
 *
 * It is plain JavaScript beside `src/`: setup runs it before anything is built, and the guardian as source and as built.
 */
export function startTimeOf(pid) {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout?.trim() || undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const hasEnded = state === 'X' || (state === 'Z' && Number(fields[16]) <= 1);
    return hasEnded ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
