import { resolutionMs, type Resolution, type UsageRecord } from './domain/usage-record.js';
import type { UsageQuery, UsageStore } from './usage-store.js';

/** Usage in memory, for specs. */
export class UsageStoreInMemory implements UsageStore {
  private readonly records: Record<Resolution, UsageRecord[]> = { sample: [], minute: [], hour: [] };
  private readonly made = { minute: 0, hour: 0 };

  async add(resolution: Resolution, records: readonly UsageRecord[]): Promise<void> {
    this.records[resolution].push(...records);
  }

  async *read(resolution: Resolution, { kind, ids, from, before }: UsageQuery): AsyncGenerator<UsageRecord, void, undefined> {
    const known = new Set<string>();
    for (const record of this.records[resolution]) {
      const key = `${record.id} ${record.worker} ${record.at}`;
      if (record.kind !== kind || !ids.includes(record.id) || record.at < from || record.at >= before) continue;
      if (resolution !== 'sample' && known.has(key)) continue;
      known.add(key);
      yield record;
    }
  }

  async madeUpTo(resolution: 'minute' | 'hour'): Promise<number> {
    return this.made[resolution];
  }

  async rollUp(resolution: 'minute' | 'hour', from: number, before: number): Promise<number> {
    const ms = resolutionMs[resolution];
    const sums = new Map<string, UsageRecord>();
    const known = new Set<string>();
    for (const record of this.records[resolution === 'minute' ? 'sample' : 'minute']) {
      if (record.at < from || record.at >= before) continue;
      const own = JSON.stringify([record.kind, record.id, record.worker, record.at]);
      if (resolution === 'hour' && known.has(own)) continue;
      known.add(own);
      const at = Math.floor(record.at / ms) * ms + ms / 2;
      const key = JSON.stringify([record.kind, record.id, record.worker, at]);
      const sum = sums.get(key);
      sums.set(key, sum ? added(sum, record) : { ...record, at });
    }
    this.records[resolution].push(...sums.values());
    this.made[resolution] = Math.max(this.made[resolution], before);
    return sums.size;
  }

  async earliest(resolution: Resolution): Promise<number | null> {
    const times = this.records[resolution].map(({ at }) => at);
    return times.length === 0 ? null : Math.min(...times);
  }

  async remove(jobIds: readonly string[]): Promise<void> {
    for (const [resolution, records] of Object.entries(this.records) as [Resolution, UsageRecord[]][]) {
      this.records[resolution] = records.filter(({ kind, id }) => kind !== 'job' || !jobIds.includes(id));
    }
  }
}

function added(sum: UsageRecord, record: UsageRecord): UsageRecord {
  const memory = [sum.memoryMib, record.memoryMib].filter((mib) => mib !== null);
  return {
    ...sum,
    ...{ spanMs: sum.spanMs + record.spanMs, busyMs: sum.busyMs + record.busyMs, cpuMs: sum.cpuMs + record.cpuMs },
    ...{ memoryMib: memory.length === 0 ? null : Math.max(...memory), measured: sum.measured || record.measured },
    ...{ done: sum.done + record.done, failed: sum.failed + record.failed, runMs: sum.runMs + record.runMs },
  };
}
