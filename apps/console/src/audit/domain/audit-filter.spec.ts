import { expect, test } from '@jest/globals';
import { listAuditSchema } from '@kintsugi/contracts';
import { commandOf, periods, queryOf } from './audit-filter.js';

const now = new Date('2027-01-31T06:02:11.250Z');

test('nothing chosen asks for everything', () => {
  expect(queryOf({}, now)).toEqual({});
  expect(commandOf({}, now)).toBe('./kintsugi audit list');
});

test('a period is a time, the same for a minute', () => {
  expect(queryOf({ since: '24h', actor: 'ada' }, now)).toEqual({ actor: 'ada', since: '2027-01-30T06:02:00.000Z' });
  expect(queryOf({ since: '24h' }, new Date(now.getTime() + 40_000))).toEqual(queryOf({ since: '24h' }, now));
  expect(queryOf({ since: 'ever' }, now)).toEqual({});
});

test.each(Object.keys(periods))('the API takes the period %s', (since) => {
  const query = queryOf({ since, actor: 'ada', action: 'pauseJob', subject: 'nightly', phase: 'refused' }, now);
  expect(listAuditSchema.safeParse(query).success).toBe(true);
});

test('the command lists the same', () => {
  expect(commandOf({ since: '1h', phase: 'done', subject: "ada's", service: 'job', actor: 'ada' }, now)).toBe(
    `./kintsugi audit list --actor ada --subject 'ada'\\''s' --service job --since 2027-01-31T05:02:00.000Z`,
  );
});
