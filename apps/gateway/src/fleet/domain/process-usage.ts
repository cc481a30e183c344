import type { ProcessFigures } from './metric-family.js';

/** What a process uses of its machine. */
export interface ProcessUsage {
  /** Of one core, since it was last asked, or since it started; null where it does not tell. */
  cpu_percent: number | null;
  memory_mib: number | null;
}

const keptMax = 1_000;

/** Makes shares of time of what processes tell as sums. */
export class ProcessUsages {
  private readonly last = new Map<string, { cpuSeconds: number; nowMs: number }>();

  of(figures: ProcessFigures, nowMs: number): ProcessUsage {
    const { service, instance } = figures;
    const name = JSON.stringify([service, instance]);
    const cpuSeconds = valueOf(figures, 'process_cpu_seconds_total');
    const startedAt = valueOf(figures, 'process_start_time_seconds');
    const bytes = valueOf(figures, 'process_resident_memory_bytes');
    const since = this.sinceOf(name, cpuSeconds, startedAt);
    if (cpuSeconds !== null) this.keep(name, { cpuSeconds, nowMs });
    const spentMs = since && cpuSeconds !== null ? (cpuSeconds - since.cpuSeconds) * 1_000 : null;
    return {
      cpu_percent:
        since === null || spentMs === null || nowMs <= since.nowMs ? null : rounded((100 * spentMs) / (nowMs - since.nowMs)),
      memory_mib: bytes === null ? null : rounded(bytes / 1024 ** 2),
    };
  }

  /** A sum that is smaller than before is that of another process of the same name. */
  private sinceOf(
    name: string,
    cpuSeconds: number | null,
    startedAt: number | null,
  ): { cpuSeconds: number; nowMs: number } | null {
    const last = this.last.get(name);
    if (last && cpuSeconds !== null && cpuSeconds >= last.cpuSeconds) return last;
    return startedAt === null ? null : { cpuSeconds: 0, nowMs: startedAt * 1_000 };
  }

  private keep(name: string, reading: { cpuSeconds: number; nowMs: number }): void {
    if (this.last.size >= keptMax && !this.last.has(name)) this.last.clear();
    this.last.set(name, reading);
  }
}

export function valueOf({ families }: ProcessFigures, name: string): number | null {
  return families.find((family) => family.name === name)?.values[0]?.value ?? null;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
