import { uuidBoundOf } from '@kintsugi/contracts';

/** What is left to be compared, and how far the comparison has come. */
export interface ComparisonPlan {
  /** Ranges of UUIDs, newest first. */
  todo: { from: string; before: string }[];
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

export const noPlan: ComparisonPlan = { todo: [], plannedTo: '', plannedAt: 0, fullAt: 0 };

/** The plan with what has come since on top; with everything, where events were lost or everything was long ago. */
export function extendPlan(
  plan: ComparisonPlan,
  { now, retentionMs, fullEveryMs, settleMs }: PlanClock,
  lost: boolean,
): ComparisonPlan {
  if (lost || now - plan.fullAt >= fullEveryMs) {
    const before = uuidBoundOf(lost ? now : now - settleMs);
    return { todo: [{ from: uuidBoundOf(now - retentionMs), before }], plannedTo: before, plannedAt: now, fullAt: now };
  }
  const fresh = { from: plan.plannedTo, before: uuidBoundOf(now - settleMs) };
  if (fresh.before <= fresh.from) return { ...plan, plannedAt: now };
  const [newest, ...older] = plan.todo;
  const todo = newest?.before === fresh.from ? [{ ...newest, before: fresh.before }, ...older] : [fresh, ...plan.todo];
  return { ...plan, todo, plannedTo: fresh.before, plannedAt: now };
}

/** The plan without the part of its newest range that was compared, which reached down to `from`. */
export function shortenPlan(plan: ComparisonPlan, from: string): ComparisonPlan {
  const [newest, ...older] = plan.todo;
  if (!newest) return plan;
  return { ...plan, todo: from <= newest.from ? older : [{ ...newest, before: from }, ...older] };
}
