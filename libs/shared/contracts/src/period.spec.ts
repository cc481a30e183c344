import { describe, expect, test } from '@jest/globals';
import { operations } from './operations.js';
import { timeSchema } from './period.js';

describe('a time', () => {
  test.each([
    '2026-11-28T10:00:00Z',
    '2026-11-28T10:00:00.123456789+09:00',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '9999-12-31T23:59:59+09:00',
  ])('may be %s', (text) => {
    expect(timeSchema.safeParse(text).success).toBe(true);
  });

  test.each(['9999-12-31T23:59:59-05:00', '0000-01-01T00:00:00+14:00'])(
    'is not %s, whose year in UTC is longer, so that it would stand before others as a text',
    (text) => {
      const { error } = timeSchema.safeParse(text);
      expect(error?.issues.map(({ message }) => message)).toEqual(['a time that is in the years 0000 to 9999 in UTC']);
    },
  );

  test.each(['', '2026-11-28', '28.11.2026', '2026-11-28T10:00:00', 'now'])('that is no time, %j, is one fault', (text) => {
    expect(timeSchema.safeParse(text).error?.issues).toMatchObject([{ format: 'datetime' }]);
  });

  test.each([
    ['createJob', { product_id: 'p', sending_group_id: 'g', run_at: '9999-12-31T23:59:59-05:00' }],
    ['listJobs', { created_before: '9999-12-31T23:59:59-05:00' }],
    ['listErrors', { to: '9999-12-31T23:59:59-05:00' }],
    ['analyzeErrors', { period: { start: '2026-01-01T00:00:00Z', end: '9999-12-31T23:59:59-05:00' } }],
  ] as const)('is held to that by %s', (action, data) => {
    expect(operations[action].request.safeParse(data).success).toBe(false);
  });
});
