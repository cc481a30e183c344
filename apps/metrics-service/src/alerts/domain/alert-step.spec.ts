import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stepOf, type AlertRule, type AlertStanding } from './alert-step.js';

const rule: AlertRule = { fires: 'above', threshold: 10, clear_at: 5, for_s: 60, clear_for_s: 30 };
const at = (seconds: number): Date => new Date(1_700_000_000_000 + seconds * 1_000);

/** Looks at a figure every ten seconds, and says how the alert stands after each. */
function looks(values: readonly (number | null)[], of = rule): string[] {
  let standing: AlertStanding | null = null;
  return values.map((value, look) => {
    const move = stepOf(of, standing, value, at(look * 10));
    standing = move === null || typeof move === 'string' ? null : move;
    return move === null ? '-' : typeof move === 'string' ? move : move.state;
  });
}

describe('an alert', () => {
  test('fires once its condition has held for long enough, and not when it held in between', () => {
    expect(looks([11, 11, 11, 9, 11, 11, 11, 11, 11, 11, 11])).toEqual([
      ...Array(3).fill('pending'),
      'dropped',
      ...Array(6).fill('pending'),
      'firing',
    ]);
  });

  test('at its threshold it does not hold, and fires at once where it need not hold for long', () => {
    expect(looks([10, 10.1], { ...rule, for_s: 0 })).toEqual(['-', 'firing']);
    expect(looks([1, 0], { ...rule, fires: 'below', threshold: 1, clear_at: 1, for_s: 0 })).toEqual(['-', 'firing']);
  });

  test('stays between threshold and clear_at, and is over after some time beyond that', () => {
    const quick = { ...rule, for_s: 0 };
    expect(looks([11, 8, 6, 5, 5, 6, 5, 5, 5, 5, 5], quick)).toEqual([...Array(9).fill('firing'), 'resolved', '-']);
  });

  test('holds and clears by what passes, also where the time of day was set back since', () => {
    const held: AlertStanding = { state: 'pending', since: at(3_600), fired_at: null, clear_since: null };
    expect(stepOf(rule, held, 11, at(0))).toMatchObject({ state: 'pending', since: at(0) });
    const clear: AlertStanding = { state: 'firing', since: at(0), fired_at: at(0), clear_since: at(3_600) };
    expect(stepOf(rule, clear, 1, at(0))).toMatchObject({ state: 'firing', clear_since: at(0) });
  });

  test('is over where there is no such figure any more', () => {
    expect(looks([11, null, null, null, null], { ...rule, for_s: 0 })).toEqual([...Array(4).fill('firing'), 'resolved']);
  });
});

/** What it should be after a series of looks, said from the whole series and not step by step. */
function expected(
  { fires, threshold, clear_at: clearAt, for_s: forS, clear_for_s: clearForS }: AlertRule,
  seen: { s: number; value: number }[],
): string {
  const sign = fires === 'above' ? 1 : -1;
  let state = 'none';
  let held: number | null = null;
  let clear: number | null = null;
  for (const { s, value } of seen) {
    const holds = sign * (value - threshold) > 0;
    if (state === 'firing') {
      clear = sign * (value - clearAt) <= 0 ? (clear ?? s) : null;
      if (clear !== null && s - clear >= clearForS) [state, held, clear] = ['none', null, null];
    } else {
      held = holds ? (held ?? s) : null;
      state = held === null ? 'none' : s - held >= forS ? 'firing' : 'pending';
    }
  }
  return state;
}

test('whatever is seen, and however often another replica goes on from the record, it stands as its rule says', () => {
  const rules = fc
    .record({
      above: fc.boolean(),
      threshold: fc.integer({ min: 1, max: 6 }),
      gap: fc.integer({ min: 0, max: 3 }),
      forS: fc.integer({ min: 0, max: 9 }),
      clearForS: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ above, threshold, gap, forS, clearForS }): AlertRule => {
      const clearAt = above ? threshold - gap : threshold + gap;
      return { fires: above ? 'above' : 'below', threshold, clear_at: clearAt, for_s: forS, clear_for_s: clearForS };
    });
  const series = fc.array(
    fc.record({ after: fc.integer({ min: 0, max: 5 }), value: fc.integer({ min: 0, max: 9 }), restart: fc.boolean() }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(rules, series, (of, steps) => {
      let standing: AlertStanding | null = null;
      let s = 0;
      const seen: { s: number; value: number }[] = [];
      for (const { after, value, restart } of steps) {
        s += after;
        seen.push({ s, value });
        if (restart && standing) standing = revived(standing);
        const move: ReturnType<typeof stepOf> = stepOf(of, standing, value, at(s));
        standing = move === null || typeof move === 'string' ? null : move;
        expect(standing?.state ?? 'none').toBe(expected(of, seen));
      }
    }),
  );
});

/** As it is read from the record again. */
function revived(standing: AlertStanding): AlertStanding {
  const {
    since,
    fired_at: fired,
    clear_since: clear,
    ...rest
  } = JSON.parse(JSON.stringify(standing)) as Record<string, string | null>;
  const date = (text: string | null | undefined): Date | null => (text ? new Date(text) : null);
  return { ...rest, since: date(since), fired_at: date(fired), clear_since: date(clear) } as AlertStanding;
}
