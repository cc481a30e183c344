import { describe, expect, test } from '@jest/globals';
import { verdictOf, type Facts } from './verdict.js';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const ago = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
type Group = NonNullable<Facts['groups']>['items'][number];
const hours = (...last: number[]) => [...Array.from({ length: 24 - last.length }, () => 0), ...last];
const group = (fields: Partial<Group> = {}): Group => ({
  ...{ state: 'open', first_seen: ago(200), regressed_at: null, per_hour: hours() },
  ...fields,
});
const quiet = { alerts: 0, isCapped: false };
const none = { recoveries: 0, isCapped: false };
const nothing: Facts = {
  overall: 'ok',
  groups: { items: [], isCapped: false },
  unserved: { types: [], isCapped: false },
  firing: quiet,
  approvals: none,
};
const open = (...items: Group[]): Facts => ({ ...nothing, groups: { items, isCapped: false } });

test('all is well only where no service, no failure and no queue asks for anybody', () => {
  expect(verdictOf(nothing, now)).toEqual({ level: 'ok', concerns: [] });
});

describe('all is not well', () => {
  test('over an open group, also one that has been quiet for a day', () => {
    expect(verdictOf(open(group()), now)).toEqual({
      level: 'degraded',
      concerns: [{ kind: 'open', groups: 1, isCapped: false }],
    });
  });

  test('with what came back and what grows told apart, and first', () => {
    const { concerns } = verdictOf(
      open(group({ per_hour: hours(1) }), group({ per_hour: hours(4, 9) }), group({ regressed_at: ago(2) })),
      now,
    );
    expect(concerns).toEqual([
      { kind: 'regressed', groups: 1, isCapped: false },
      { kind: 'rising', groups: 1, isCapped: false },
      { kind: 'open', groups: 1, isCapped: false },
    ]);
  });

  test('where a recovery waits for somebody to approve it, or nobody can say', () => {
    const approvals = { recoveries: 2, isCapped: true };
    expect(verdictOf({ ...nothing, approvals }, now)).toEqual({
      level: 'degraded',
      concerns: [{ kind: 'approval', ...approvals }],
    });
    expect(verdictOf({ ...nothing, approvals: null }, now).concerns).toEqual([{ kind: 'unknown', what: 'approvals' }]);
  });

  test('where no recovery that was seen waits for somebody, and there are more', () => {
    expect(verdictOf({ ...nothing, approvals: { recoveries: 0, isCapped: true } }, now).concerns).toEqual([
      { kind: 'unknown', what: 'approvals' },
    ]);
  });

  test('where jobs wait for a worker that nobody offers to be', () => {
    const greet = { type: 'greet', jobs: 3, isCapped: true };
    expect(verdictOf({ ...nothing, unserved: { types: [greet], isCapped: true } }, now)).toEqual({
      level: 'degraded',
      concerns: [{ kind: 'unserved', ...greet }],
    });
  });

  test('where no type that was looked at lacks a worker, and there are more', () => {
    expect(verdictOf({ ...nothing, unserved: { types: [], isCapped: true } }, now)).toEqual({
      level: 'degraded',
      concerns: [{ kind: 'unknown', what: 'jobs' }],
    });
  });

  test('while an alert fires, before all else', () => {
    const firing = { alerts: 2, isCapped: false };
    expect(verdictOf({ ...open(group()), firing }, now)).toEqual({
      level: 'degraded',
      concerns: [
        { kind: 'firing', ...firing },
        { kind: 'open', groups: 1, isCapped: false },
      ],
    });
  });

  test('where every alert that was seen is hushed, and there are more', () => {
    expect(verdictOf({ ...nothing, firing: { alerts: 0, isCapped: true } }, now)).toEqual({
      level: 'degraded',
      concerns: [{ kind: 'unknown', what: 'alerts' }],
    });
  });

  test('where nobody can tell', () => {
    expect(verdictOf({ overall: 'ok', groups: null, unserved: null, firing: null, approvals: null }, now)).toEqual({
      level: 'degraded',
      concerns: [
        { kind: 'unknown', what: 'alerts' },
        { kind: 'unknown', what: 'failures' },
        { kind: 'unknown', what: 'approvals' },
        { kind: 'unknown', what: 'jobs' },
      ],
    });
  });

  test('and nothing makes what fails look better', () => {
    expect(verdictOf({ ...open(group()), overall: 'failing' }, now).level).toBe('failing');
  });
});
