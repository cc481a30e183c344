import { expect, it } from '@jest/globals';
import { uuidBoundOf } from '@kintsugi/contracts';
import { comparedAgain, extendPlan, noPlan, shortenPlan, type ComparisonPlan } from './comparison-plan.js';

const now = Date.parse('2026-03-02T00:00:00.000Z');
const day = 86_400_000;
const clock = { now, retentionMs: 90 * day, fullEveryMs: day, settleMs: 15_000 };
const at = uuidBoundOf;

const compared: ComparisonPlan = {
  ...{ todo: [], again: [], plannedTo: at(now - 60_000) },
  ...{ plannedAt: now - 45_000, fullAt: now - 3_600_000 },
};

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
  const begun = shortenPlan(later, at(now), false, now);
  const evenLater = extendPlan(begun, { ...clock, now: now + 120_000 }, false);
  expect(evenLater.todo).toEqual([
    { from: at(now + 45_000), before: at(now + 105_000) },
    { from: at(now - 90 * day), before: at(now) },
  ]);
  const shorter = shortenPlan(evenLater, at(now + 45_000), false, now);
  expect(shortenPlan(shorter, at(now - 90 * day), false, now)).toMatchObject({ todo: [], again: [] });
});

it('compares what differed once more when all else is done, a few times at most', () => {
  let plan: ComparisonPlan = { ...compared, todo: [{ from: at(now - 9_000), before: at(now) }] };
  plan = shortenPlan(plan, at(now - 3_000), true, now);
  const muchLater = now + 60_000;
  expect(comparedAgain(plan, muchLater).todo).toEqual([{ from: at(now - 9_000), before: at(now - 3_000) }]);
  plan = shortenPlan(plan, at(now - 9_000), false, now);
  for (let rounds = 1; rounds <= 3; rounds += 1) {
    plan = comparedAgain(plan, muchLater);
    expect(plan).toMatchObject({ todo: [{ from: at(now - 3_000), before: at(now), rounds }], again: [] });
    plan = shortenPlan(plan, at(now - 3_000), true, now);
  }
  expect(comparedAgain(plan, muchLater)).toMatchObject({ todo: [], again: [] });
});

it('compares what differed no sooner than a change that was being written is in the record', () => {
  const ranges = [at(now - 3_000), at(now - 6_000), at(now - 9_000)];
  let plan: ComparisonPlan = { ...compared, todo: [{ from: at(now - 9_000), before: at(now) }] };
  for (const [index, from] of ranges.entries()) plan = shortenPlan(plan, from, true, now + index * 4_000);
  expect(comparedAgain(plan, now + 9_999).todo).toEqual([]);
  plan = comparedAgain(plan, now + 14_000);
  expect(plan.todo.map(({ from }) => from)).toEqual(ranges.slice(0, 2));
  expect(plan.again.map(({ from }) => from)).toEqual(ranges.slice(2));
});

it('gives what has come since rounds of its own', () => {
  const differed = shortenPlan(
    { ...compared, todo: [{ from: at(now - 90_000), before: compared.plannedTo }] },
    at(now - 90_000),
    true,
    now - 60_000,
  );
  const { todo } = extendPlan(comparedAgain(differed, now), clock, false);
  expect(todo).toEqual([
    { from: at(now - 60_000), before: at(now - 15_000) },
    { from: at(now - 90_000), before: at(now - 60_000), rounds: 1 },
  ]);
});
