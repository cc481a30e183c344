import { uuidBoundOf } from '@kintsugi/contracts';

/** A range of UUIDs. */
interface PlannedRange {
  from: string;
  before: string;
  /** How often it has differed already. */
  rounds?: number;
}

interface DifferingRange extends PlannedRange {
  /** Epoch milliseconds: it is compared no sooner. */
  dueAt: number;
}

/** What is left to be compared, and how far the comparison has come. */
export interface ComparisonPlan {
  /** Newest first. */
  todo: PlannedRange[];
  /**
   * What differed is compared once more later: a change that was being written when the record was read is told with a time
   * before that of the correction, which it then does not outdo.
   */
  again: DifferingRange[];
  /** Up to here everything was compared, or is in those ranges. */
  plannedTo: string;
  /** Epoch milliseconds. */
  plannedAt: number;
  fullAt: number;
}

export interface PlanClock {
  now: number;
  /** Everything back to then is compared, at most so often. */
  retentionMs: number;
  fullEveryMs: number;
  /** Jobs younger than this may differ only because their events are on their way. */
  settleMs: number;
}

/** In jobs that change all the time something is always on its way. */
const roundsMax = 3;
/** Within it, a change that was being written is in the record, also where the database is slow. */
const writtenWithinMs = 10_000;

export const noPlan: ComparisonPlan = { todo: [], again: [], plannedTo: '', plannedAt: 0, fullAt: 0 };

/** The plan with what has come since on top; with everything, where events were lost or everything was long ago. */
export function extendPlan(
  plan: ComparisonPlan,
  { now, retentionMs, fullEveryMs, settleMs }: PlanClock,
  lost: boolean,
): ComparisonPlan {
  if (lost || now - plan.fullAt >= fullEveryMs) {
    const before = uuidBoundOf(lost ? now : now - settleMs);
    const todo = [{ from: uuidBoundOf(now - retentionMs), before }];
    return { todo, again: [], plannedTo: before, plannedAt: now, fullAt: now };
  }
  const fresh = { from: plan.plannedTo, before: uuidBoundOf(now - settleMs) };
  if (fresh.before <= fresh.from) return { ...plan, plannedAt: now };
  const [newest, ...older] = plan.todo;
  const bordersOn = newest?.before === fresh.from && newest.rounds === undefined;
  const todo = bordersOn ? [{ ...newest, before: fresh.before }, ...older] : [fresh, ...plan.todo];
  return { ...plan, todo, plannedTo: fresh.before, plannedAt: now };
}

/** The plan without the part of its newest range that was compared by now, which reached down to `from`. */
export function shortenPlan(plan: ComparisonPlan, from: string, differed: boolean, now: number): ComparisonPlan {
  const [newest, ...older] = plan.todo;
  if (!newest) return plan;
  const rounds = (newest.rounds ?? 0) + 1;
  const once = { from, before: newest.before, rounds, dueAt: now + writtenWithinMs };
  const again = differed && rounds <= roundsMax ? [...plan.again, once] : plan.again;
  return { ...plan, again, todo: from <= newest.from ? older : [{ ...newest, before: from }, ...older] };
}

/** The plan with what differed long enough ago to be compared once more, where nothing else is left. */
export function comparedAgain(plan: ComparisonPlan, now: number): ComparisonPlan {
  if (plan.todo.length > 0) return plan;
  const due = plan.again.filter(({ dueAt }) => dueAt <= now);
  const todo = due.map(({ from, before, rounds }) => ({ from, before, rounds }));
  return { ...plan, todo, again: plan.again.filter(({ dueAt }) => dueAt > now) };
}
