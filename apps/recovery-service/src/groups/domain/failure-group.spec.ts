import { describe, expect, test } from '@jest/globals';
import { afterSightings, perHour, type StoredGroup } from './failure-group.js';
import { groupSample, sightingSample } from './group-sample.js';
import { toFailureGroup } from './group-view.js';

const at = (time: string) => sightingSample(1, { failed_at: `2026-11-23T${time}.000Z` });
const resolved = groupSample(1, { state: 'resolved', state_at: '2026-11-23T07:00:00.000Z' });
const after = (group: StoredGroup, ...times: [string, ...string[]]): StoredGroup =>
  afterSightings(group, times.map(at) as [ReturnType<typeof at>], 'evt_1');

describe('a group', () => {
  test('counts failures, and knows when the first and the last happened, in whatever order they come', () => {
    const group = after(groupSample(1), '09:00:00', '05:00:00');
    expect(group).toMatchObject({ count: 3, version: 2 });
    expect([group.first_seen, group.last_seen]).toEqual(['2026-11-23T05:00:00.000Z', '2026-11-23T09:00:00.000Z']);
  });

  test('that is resolved comes back with a failure of later, and tells of it once', () => {
    const group = after(resolved, '07:00:01', '07:00:02');
    expect(group).toMatchObject({ state: 'open', regressions: 1, regressed_at: '2026-11-23T07:00:01.000Z' });
    expect(group.events).toEqual([
      expect.objectContaining({ event_id: 'evt_1', resolved_at: resolved.state_at, at: '2026-11-23T07:00:01.000Z' }),
    ]);
  });

  test('that is resolved does not come back with a failure of before that is told late', () => {
    expect(after(resolved, '06:59:59')).toMatchObject({ state: 'resolved', regressions: 0, events: [] });
  });

  test.each([
    ['a time, before it', { ignored_until: '2026-11-23T08:00:00.000Z' }, 'ignored', null],
    ['a time, after it', { ignored_until: '2026-11-23T06:30:00.000Z' }, 'open', 'time'],
    ['a count, below it', { ignored_count: 3 }, 'ignored', null],
    ['a count, above it', { ignored_count: 1 }, 'open', 'count'],
    ['nothing', {}, 'ignored', null],
  ])('that is ignored until %s', (_bound, given, state, reason) => {
    const ignored = groupSample(1, { state: 'ignored', state_at: '2026-11-23T06:00:00.000Z', ...given });
    const group = after(ignored, '07:00:00', '07:00:01');
    const told = { event_id: 'evt_1', at: '2026-11-23T07:00:00.000Z', ignored_at: ignored.state_at, reason };
    expect(group).toMatchObject({ state, events: reason === null ? [] : [told] });
  });

  test.each(['open', 'acknowledged'] as const)('that is %s stays so', (state) => {
    expect(after(groupSample(1, { state }), '07:00:00').state).toBe(state);
  });
});

describe('what is seen of a group', () => {
  test('its failures by hour are those of the last day, and those of its parts', () => {
    const now = Date.parse('2026-11-23T09:30:00.000Z');
    const group = after(groupSample(1), '09:00:00', '09:10:00', '07:00:00');
    expect(perHour([group], now).slice(-3)).toEqual([1, 0, 2]);
    expect(perHour([group, group], now).at(-1)).toBe(4);
    expect(perHour([group], now + 24 * 3_600_000)).toEqual(Array.from({ length: 24 }, () => 0));
  });

  test('its counts are with those of its parts', () => {
    const part = after(groupSample(2), '05:00:00');
    expect(toFailureGroup(groupSample(1), [part], 0)).toMatchObject({
      count: 3,
      first_seen: '2026-11-23T05:00:00.000Z',
      merged_group_ids: [part._id],
    });
  });
});

test('a group knows the versions that it struck, newest first, without those that nobody has said', () => {
  const versions = ['1', undefined, '2', '1', ...Array.from({ length: 12 }, (_, at) => `3.${at}`)];
  const group = versions.reduce<StoredGroup | null>((previous, version, at) => {
    return afterSightings(previous, [sightingSample(at, version === undefined ? {} : { version })], 'mark');
  }, null);
  expect(group && toFailureGroup(group, [], 0).versions).toEqual(Array.from({ length: 10 }, (_, at) => `3.${11 - at}`));
  expect(afterSightings(null, [sightingSample(1)], 'mark').versions).toBeUndefined();
});
