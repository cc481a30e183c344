import { after } from '@kintsugi/boundary';
import { pauseToCommonLook } from '../domain/common-looks.js';
import { CpuGauge, type Excess, type ProcessLimits } from '../domain/process-limits.js';
import { ownMib, processRow, processesOf, residentMib } from './process-table.js';

/** What a process and all that it has started have used. */
export interface ProcessUse {
  /** Since the meter was set to it. */
  cpuMs: number;
  /** Of those that run now, what they share counted with each; null where nobody looked while it ran. */
  memoryMib: number | null;
}

/** A process that is quick is looked at once all the same. */
const firstLookMs = 50;
/** In between, a process can use more than it may. */
const lookEveryMs = 200;
/** Linux counts CPU in hundredths of a second, whatever its kernel does. */
const tickMs = 10;
/** Looks of which one tells what was used. */
const looksPerTold = 5;

/** CPU of the processes that have ended, as far as it was told of. */
let endedCpuMs = 0;

/**
 * Measures a process by /proc: its process group and what was started from there while it runs, and at its end what the system has
 * added up for it and for all that it has waited for. Where there is no /proc, nothing is told, and no limit holds.
 */
export class ProcessMeter {
  private cpuMs = 0;
  private memoryMib: number | null = null;
  private looks = 0;
  private readonly gauge = new CpuGauge();
  /** What it had used before. */
  private readonly before: number;
  private timer: NodeJS.Timeout;

  constructor(
    private readonly pid: number,
    private readonly limits: ProcessLimits,
    private readonly tell: (used: ProcessUse) => void,
    /** Called once, when it is found to use more than it may. */
    private readonly onExcess: (excess: Excess) => void,
  ) {
    const row = processRow(pid);
    this.before = row ? (row.own + row.ofEnded) * tickMs : 0;
    this.timer = after('process.usage', firstLookMs, () => this.look()).unref();
  }

  /** The process has ended just now, and is the newest that this one has waited for. */
  noteEnd(): void {
    this.stop();
    const ended = processRow('self')?.ofEnded;
    if (ended === undefined) return;
    const own = ended * tickMs - endedCpuMs - this.before;
    endedCpuMs = ended * tickMs;
    this.cpuMs = Math.max(this.cpuMs, own);
    this.tell({ cpuMs: this.cpuMs, memoryMib: this.memoryMib });
  }

  /** What it does from now on is no longer measured, while it runs on. */
  noteGoesOn(): void {
    this.stop();
    const row = processRow(this.pid);
    if (row === null) return;
    this.cpuMs = Math.max(this.cpuMs, (row.own + row.ofEnded) * tickMs - this.before);
    this.tell({ cpuMs: this.cpuMs, memoryMib: this.memoryMib });
  }

  /** A process has ended that nobody measures. */
  static passOverEnded(): void {
    endedCpuMs = Math.max(endedCpuMs, (processRow('self')?.ofEnded ?? 0) * tickMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private look(): void {
    const processes = processesOf(this.pid);
    const excess = this.excessOf(processes.length) ?? this.measure(processes);
    if (excess) return this.onExcess(excess);
    // What was read just before a process began does not know it yet.
    if (processes.length > 0) {
      if (this.looks % looksPerTold === 0) this.tell({ cpuMs: this.cpuMs, memoryMib: this.memoryMib });
      this.looks += 1;
    }
    // What is read of one look is of all: by themselves, each would read what all processes of the machine do.
    this.timer = after('process.usage', pauseToCommonLook(performance.now(), lookEveryMs), () => this.look()).unref();
  }

  /** Before all else: thousands of processes take long to be looked at. */
  private excessOf(processes: number): Excess | null {
    const limit = this.limits.processes;
    return processes > limit ? { of: 'processes', limit, used: processes } : null;
  }

  private measure(processes: ReturnType<typeof processesOf>): Excess | null {
    const memory = processes.map(({ pid }) => residentMib(pid)).filter((mib) => mib !== null);
    if (memory.length === 0) return null;
    const ticks = processes.reduce((sum, { own, ofEnded }) => sum + own + ofEnded, 0);
    this.cpuMs = Math.max(this.cpuMs, ticks * tickMs - this.before);
    this.memoryMib = memory.reduce((sum, mib) => sum + mib, 0);
    const { memoryMib: memoryMax, cpuCores: coresMax } = this.limits;
    if (memoryMax !== null && this.memoryMib > memoryMax) {
      // A program and its forks share much of what each of them has.
      const used = processes.reduce((sum, { pid }) => sum + (ownMib(pid) ?? residentMib(pid) ?? 0), 0);
      if (used > memoryMax) return { of: 'memory', limit: memoryMax, used };
    }
    // As it stood when it was read, which others may have done a while ago.
    const cores = this.gauge.note(this.cpuMs, Math.max(...processes.map(({ readAt }) => readAt)));
    return coresMax !== null && cores !== null && cores > coresMax ? { of: 'cpu', limit: coresMax, used: cores } : null;
  }
}
