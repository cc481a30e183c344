import { expect, it } from '@jest/globals';
import { uuidBoundOf } from '@kintsugi/contracts';
import { extendPlan, noPlan, shortenPlan, type ComparisonPlan } from './comparison-plan.js';

const now = Date.parse('2026-03-02T00:00:00.000Z');
const day = 86_400_000;
const clock = { now, retentionMs: 90 * day, fullEveryMs: day, settleMs: 15_000 };
const at = uuidBoundOf;

const compared: ComparisonPlan = { todo: [], plannedTo: at(now - 60_000), plannedAt: now - 45_000, fullAt: now - 3_600_000 };

it('takes in everything that is remembered when nothing was compared yet, once a day, and up to now when events were lost', () => {
  const everything = { from: at(now - 90 * day), before: at(now - 15_000) };
  expect(extendPlan(noPlan, clock, false).todo).toEqual([everything]);
  expect(extendPlan({ ...compared, fullAt: now - day }, clock, false).todo).toEqual([everything]);
  expect(extendPlan(compared, clock, true).todo).toEqual([{ ...everything, before: at(now) }]);
});

it('takes in what has come since otherwise, but for what is too young', () => {
  const next = extendPlan(compared, clock, false);
  expect(next).toEqual({
    ...compared,
    todo: [{ from: at(now - 60_000), before: at(now - 15_000) }],
    plannedTo: at(now - 15_000),
    plannedAt: now,
  });
  expect(extendPlan({ ...compared, plannedTo: at(now) }, clock, false)).toMatchObject({ todo: [], plannedTo: at(now) });
});

it('goes from the newest down, and joins what borders on what is left', () => {
  const full = extendPlan(compared, clock, true);
  const later = extendPlan(full, { ...clock, now: now + 60_000 }, false);
  expect(later.todo).toEqual([{ from: at(now - 90 * day), before: at(now + 45_000) }]);
  const begun = shortenPlan(later, at(now));
  const evenLater = extendPlan(begun, { ...clock, now: now + 120_000 }, false);
  expect(evenLater.todo).toEqual([
    { from: at(now + 45_000), before: at(now + 105_000) },
    { from: at(now - 90 * day), before: at(now) },
  ]);
  expect(shortenPlan(shortenPlan(evenLater, at(now + 45_000)), at(now - 90 * day)).todo).toEqual([]);
});
