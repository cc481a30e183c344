import type { PoolHostReport } from '@kintsugi/contracts';

/** A host that was not heard of for so long is missed no more. */
export const hostKeptDays = 30;

const keptMs = hostKeptDays * 86_400_000;
/** How often it is written down that a host was heard of. */
const writtenMs = 3_600_000;
const slotsMax = 20_000;

interface SeenHost {
  pools: Set<string>;
  heardAt: number;
  writtenAt: number;
}

/** Which host has which pool, as far as was heard. The agents know better: whoever finds nothing here asks them. */
export class HostView {
  private readonly seen = new Map<string, SeenHost>();
  private readonly slots = new Map<string, string>();

  /** Takes in what is written down from before. */
  remember({ host, pools }: PoolHostReport, heardAt: number): void {
    if (!this.seen.has(host)) this.seen.set(host, { pools: new Set(pools), heardAt, writtenAt: heardAt });
  }

  /** Takes in what an agent says; true where that has to be written down. */
  hear({ host, pools }: PoolHostReport, nowMs: number): boolean {
    const before = this.seen.get(host);
    const isNew = !before || nowMs - before.writtenAt >= writtenMs || !isSame(before.pools, pools);
    this.seen.set(host, { pools: new Set(pools), heardAt: nowMs, writtenAt: isNew ? nowMs : before.writtenAt });
    return isNew;
  }

  /** It could not be written down, and has to be with the next report. */
  noteUnwritten(host: string): void {
    const seen = this.seen.get(host);
    if (seen) seen.writtenAt = -Infinity;
  }

  hosts(nowMs: number): string[] {
    for (const [host, { heardAt }] of this.seen) if (nowMs - heardAt > keptMs) this.seen.delete(host);
    return [...this.seen.keys()].sort();
  }

  hostsOf(pool: string): string[] {
    return [...this.seen].flatMap(([host, { pools }]) => (pools.has(pool) ? [host] : [])).sort();
  }

  poolsOf(host: string): string[] {
    return [...(this.seen.get(host)?.pools ?? [])].sort();
  }

  hostOfSlot(slotId: string): string | undefined {
    return this.slots.get(slotId);
  }

  /** One that is gone for good. */
  forget(host: string): void {
    this.seen.delete(host);
  }

  /** The host that a slot was at is away, or has it no more. */
  dropSlot(slotId: string): void {
    this.slots.delete(slotId);
  }

  noteSlot(slotId: string, host: string): void {
    if (this.slots.size >= slotsMax) this.slots.clear();
    this.slots.set(slotId, host);
  }
}

function isSame(known: ReadonlySet<string>, told: readonly string[]): boolean {
  return known.size === told.length && told.every((name) => known.has(name));
}
