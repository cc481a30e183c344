import { expect, test } from '@jest/globals';
import type { DeadLetterView } from './dead-letter.js';
import { behindPlace, deadLetterPlaceIn, newestDeadLetters, serviceOfDeadLetter } from './dead-letter-order.js';

/** Of each list, the seconds at which something was given up, newest first. */
const lists = { job: [9, 7, 7, 3], metrics: [7, 2], recovery: [8, 7], webhook: [9, 7, 7, 1] };

function listOf(prefix: keyof typeof lists): DeadLetterView[] {
  return lists[prefix].map(
    (second, index) => ({ id: `${prefix}.${index}`, since: `2027-01-01T00:00:0${second}.000Z` }) as DeadLetterView,
  );
}

test.each([1, 2, 3, 5, 50])('pages of %i give each dead letter of all services once, newest first', (limit) => {
  const seen: DeadLetterView[] = [];
  for (let cursor: string | null = null; ;) {
    const place = deadLetterPlaceIn(cursor ?? undefined);
    const pages = (Object.keys(lists) as (keyof typeof lists)[]).map((prefix) => {
      const afterId = place && behindPlace(prefix, place);
      const rest = listOf(prefix).filter(({ id, since }) => {
        const at = new Date(since).getTime() - (place?.since.getTime() ?? Infinity);
        return at < 0 || (at === 0 && afterId !== null && id.slice(prefix.length + 1) > afterId);
      });
      return rest.slice(0, limit + 1);
    });
    const page = newestDeadLetters(pages, limit);
    seen.push(...page.items);
    cursor = page.next_cursor;
    if (cursor === null) break;
  }
  const all = (Object.keys(lists) as (keyof typeof lists)[]).flatMap(listOf);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(all.length);
  expect(seen).toHaveLength(all.length);
  expect(seen.map(({ since }) => since)).toEqual(
    all
      .map(({ since }) => since)
      .sort()
      .reverse(),
  );
});

test('a page goes on where all that came fits, and one of the lists has more', () => {
  const all = [listOf('job'), listOf('webhook')];
  expect(newestDeadLetters(all, 8).next_cursor).toBeNull();
  expect(newestDeadLetters(all, 8, true).next_cursor).toBe('2027-01-01T00:00:01.000Z_webhook.3');
  expect(newestDeadLetters(all, 3, true)).toEqual(newestDeadLetters(all, 3));
  expect(newestDeadLetters([[]], 8, true)).toEqual({ items: [], next_cursor: null });
});

test('a cursor of another list is refused', () => {
  for (const cursor of ['7', 'job.3', '2027-01-01T00:00:00.000Z_pool.3', '2027-99-01T00:00:00.000Z_job.3']) {
    expect(() => deadLetterPlaceIn(cursor)).toThrow('not one of this list');
  }
});

test('an id says which service keeps it', () => {
  expect(['job.a', 'recovery.a', 'metrics.a', 'webhook.a~b~c'].map(serviceOfDeadLetter)).toEqual([
    'job',
    'recovery',
    'metrics',
    'metrics',
  ]);
  expect(serviceOfDeadLetter('pool.a')).toBeNull();
});
