/** What of a condition decides how an alert moves. */
export interface AlertRule {
  fires: 'above' | 'below';
  threshold: number;
  /** On the good side of the threshold, or at it: between the two an alert that fires stays. */
  clear_at: number;
  for_s: number;
  clear_for_s: number;
}

/** How an alert stands that is open. */
export interface AlertStanding {
  state: 'pending' | 'firing';
  since: Date;
  fired_at: Date | null;
  /** Since when the figure is past `clear_at`, of an alert that fires. */
  clear_since: Date | null;
}

/** `dropped`: it was over before it fired. */
export type AlertMove = AlertStanding | 'resolved' | 'dropped' | null;

/** Whether a condition holds with a figure. */
export function holds({ fires, threshold }: Pick<AlertRule, 'fires' | 'threshold'>, value: number): boolean {
  return fires === 'above' ? value > threshold : value < threshold;
}

function isClear({ fires, clear_at: clearAt }: AlertRule, value: number): boolean {
  return fires === 'above' ? value <= clearAt : value >= clearAt;
}

/**
 * How an alert stands after a look at its figure; null: there is none. All that it needs is in the record, so a restart or another
 * replica goes on where the one before was.
 * @param value null: there is no such figure any more, and nothing is wrong with it. Where figures cannot be had nothing is asked.
 */
export function stepOf(rule: AlertRule, before: AlertStanding | null, value: number | null, now: Date): AlertMove {
  const isHeld = value !== null && holds(rule, value);
  if (before?.state === 'firing') return stepOfFiring(rule, before, value, now);
  if (!isHeld) return before === null ? null : 'dropped';
  const since = notAfter(now, before?.since);
  const isDue = now.getTime() - since.getTime() >= rule.for_s * 1_000;
  return { state: isDue ? 'firing' : 'pending', since, fired_at: isDue ? now : null, clear_since: null };
}

function stepOfFiring(rule: AlertRule, before: AlertStanding, value: number | null, now: Date): AlertMove {
  if (value !== null && !isClear(rule, value)) return { ...before, clear_since: null };
  const clearSince = notAfter(now, before.clear_since ?? undefined);
  const isOver = now.getTime() - clearSince.getTime() >= rule.clear_for_s * 1_000;
  return isOver ? 'resolved' : { ...before, clear_since: clearSince };
}

/** Our clock may have been set back since: what began later than now counts from now on, and not when that time has come again. */
function notAfter(now: Date, since = now): Date {
  return since > now ? now : since;
}
