import { readFile, readdir, readlink } from 'node:fs/promises';

/** A process as it can be told from a later one of the same number. */
export interface ProcessMark {
  boot_id: string;
  pid: number;
  pid_start: string;
}

/** Who works where on this host. */
export class HostProcesses {
  /** Processes whose working folder or an open file lies in a folder. Null where the system can't tell. */
  async in(folder: string): Promise<number[] | null> {
    let names: string[];
    try {
      names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    } catch {
      return null;
    }
    const here = process.pid;
    const found = await Promise.all(
      names.map(async (name) => (Number(name) !== here && (await isIn(name, folder)) ? Number(name) : null)),
    );
    return found.filter((pid) => pid !== null);
  }
}

async function isIn(pid: string, folder: string): Promise<boolean> {
  const inside = (target: string): boolean => target === folder || target.startsWith(`${folder}/`);
  if (inside(await linkOf(`/proc/${pid}/cwd`))) return true;
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const handle of handles) if (inside(await linkOf(`/proc/${pid}/fd/${handle}`))) return true;
  return false;
}

function linkOf(path: string): Promise<string> {
  return readlink(path).catch(() => '');
}

/** Which numbers of processes this one sees: those of another container are others. Empty where there is no /proc. */
export function pidNamespace(): Promise<string> {
  return linkOf('/proc/self/ns/pid');
}

export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'unknown')).trim();
}

/** When a process was started, in ticks since the boot: null where there is none of this number. */
export async function startOfProcess(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name of the program, in brackets, may hold blanks and brackets.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

export async function markOfProcess(pid: number): Promise<ProcessMark | null> {
  const start = await startOfProcess(pid);
  return start === null ? null : { boot_id: await bootId(), pid, pid_start: start };
}
