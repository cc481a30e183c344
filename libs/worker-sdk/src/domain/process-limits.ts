/** What a process and all that it has started may use; null where nothing was said. */
export interface ProcessLimits {
  memoryMib: number | null;
  /** As a mean of some seconds. */
  cpuCores: number | null;
  processes: number;
}

/** What a process used more of than it may. */
export interface Excess {
  of: 'memory' | 'cpu' | 'processes';
  limit: number;
  used: number;
}

/** Over how long CPU is measured: programs that start, or compile themselves, use all cores for a moment. */
const spanMs = 4_000;
/** CPU is counted in hundredths of a second. */
const countingMs = 20;

/** How many cores something uses, as the mean of the last seconds. */
export class CpuGauge {
  private readonly marks: { cpuMs: number; at: number }[] = [];

  /**
   * Null until it has been looked at for long enough.
   * @param cpuMs used since it began
   */
  note(cpuMs: number, at: number): number | null {
    const { marks } = this;
    marks.push({ cpuMs, at });
    while (marks[1] && at - marks[1].at >= spanMs) marks.shift();
    const [first] = marks;
    if (!first || at - first.at < spanMs) return null;
    return Math.max(0, cpuMs - first.cpuMs - countingMs) / (at - first.at);
  }
}

const words = {
  memory: ({ limit, used }: Excess) => `it used ${Math.round(used)} MiB of memory, and max_memory of its job is ${limit}`,
  cpu: ({ limit, used }: Excess) => `it used ${used.toFixed(2)} cores, and max_cpu of its job is ${limit}`,
  processes: ({ limit, used }: Excess) => `it had ${used} processes, and its rule allows ${limit} (max_processes)`,
};

/** How a failure says it. */
export function excessWords(excess: Excess): string {
  return words[excess.of](excess);
}
