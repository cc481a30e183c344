import { inBackground } from '@kintsugi/boundary';
import type { AuditEntry } from '@kintsugi/contracts';
import { untilReachable } from '../ensure-indexes.js';
import type { AuditLog } from './audit-log.js';

type Seen = AuditEntry['before'];
/** How that stands which a call was about. */
type Look = () => Promise<Seen>;

/** A call may be under way so long at most: what was asked for earlier, and has no end, was cut off. */
const callMsMax = 15 * 60_000;

/** What is written behind audited calls, beside the answers: they are answered at once, and the store may be away for long. */
export class CallEnds {
  private readonly begun = new Date();
  private readonly ending = new Set<Promise<void>>();

  /** @param signal ends the waiting for a store that is away */
  constructor(private readonly signal?: AbortSignal) {}

  later(work: () => Promise<void>): void {
    const doing = work().finally(() => this.ending.delete(doing));
    this.ending.add(doing);
    inBackground('audit.outcome', () => doing);
  }

  /** Resolves once what became of each call is written, or cannot be. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.ending);
  }

  /** What was changed is changed, whether or not it can be looked at. */
  lookAfterwards(look: Look): Promise<Seen> {
    return untilReachable(look, this.signal).catch(() => null);
  }

  /**
   * Writes an end to the calls of a log that were cut off.
   * @param lookOf how to look at what a call was about; null where it is left as it is
   */
  async endOpen(log: Pick<AuditLog, 'openCalls' | 'keep'>, lookOf: (asked: AuditEntry) => Look | null): Promise<void> {
    const before = new Date(this.begun.getTime() - callMsMax);
    for (const asked of await untilReachable(() => log.openCalls(before, this.begun), this.signal)) {
      const look = lookOf(asked);
      if (!look) continue;
      const { action, given, by, before: was, seq: call } = asked;
      const after = await this.lookAfterwards(look);
      const note = { action, given, by, before: was, phase: 'unknown', call, after, problem: null } as const;
      // Other replicas start at the same time, and find the same.
      await untilReachable(() => log.keep(note, true), this.signal);
    }
  }
}
