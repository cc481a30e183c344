import { readFileSync } from 'node:fs';
import { after } from '@kintsugi/boundary';

/** What a command and all that it has started have used. */
export interface CommandUse {
  /** Since it began. */
  cpuMs: number;
  /** Of those that run now, what they share counted with each; null where nobody looked while it ran. */
  memoryMib: number | null;
}

/** A command that is quick is looked at once all the same. */
const firstLookMs = 50;
const lookEveryMs = 1_000;
/** Linux counts CPU in hundredths of a second, whatever its kernel does. */
const tickMs = 10;
const processesMax = 10_000;

/** CPU of the commands that have ended, as far as it was told of. */
let endedCpuMs = 0;

/**
 * Measures a command by /proc: the tree of its processes while it runs, and at its end what the system has added up for it and
 * for all that it has waited for. Where there is no /proc, nothing is told.
 */
export class CommandMeter {
  private cpuMs = 0;
  private memoryMib: number | null = null;
  private timer: NodeJS.Timeout;

  constructor(
    private readonly pid: number,
    private readonly tell: (used: CommandUse) => void,
  ) {
    this.timer = after('cli.usage', firstLookMs, () => this.look()).unref();
  }

  /** The command has ended just now, and is the newest that this process has waited for. */
  noteEnd(): void {
    this.stop();
    const ended = ticksOf('self')?.ofEnded;
    if (ended === undefined) return;
    const own = ended * tickMs - endedCpuMs;
    endedCpuMs = ended * tickMs;
    this.cpuMs = Math.max(this.cpuMs, own);
    this.tell({ cpuMs: this.cpuMs, memoryMib: this.memoryMib });
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private look(): void {
    const tree = treeOf(this.pid);
    const ticks = tree.reduce((sum, pid) => {
      const { own = 0, ofEnded = 0 } = ticksOf(pid) ?? {};
      return sum + own + ofEnded;
    }, 0);
    const memory = tree.map(residentMib).filter((mib) => mib !== null);
    if (memory.length === 0) return;
    this.cpuMs = Math.max(this.cpuMs, ticks * tickMs);
    this.memoryMib = memory.reduce((sum, mib) => sum + mib, 0);
    this.tell({ cpuMs: this.cpuMs, memoryMib: this.memoryMib });
    this.timer = after('cli.usage', lookEveryMs, () => this.look()).unref();
  }
}

/** A process and all that it and its children have started, as far as their parents still run. */
function treeOf(root: number): number[] {
  const tree = [root];
  for (let at = 0; at < tree.length && tree.length < processesMax; at += 1) {
    const children = readText(`/proc/${tree[at]}/task/${tree[at]}/children`);
    tree.push(...(children?.split(' ').filter(Boolean).map(Number) ?? []));
  }
  return tree;
}

/** CPU of a process, and of its children that have ended and were waited for, in ticks. */
function ticksOf(pid: number | 'self'): { own: number; ofEnded: number } | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in the second field may hold spaces and brackets.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { own: user + system, ofEnded: endedUser + endedSystem };
}

function residentMib(pid: number): number | null {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
