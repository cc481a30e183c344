import { describe, expect, test } from '@jest/globals';
import { fetchJobHistorySchema, jobStatuses as allStatuses } from '@kintsugi/contracts';
import { completions, has, jobStatuses, readSearch, toggled } from './job-search.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const filtersOf = (text: string) => readSearch(text, now).filters;

test('the states are those of the contracts', () => expect([...jobStatuses]).toEqual([...allStatuses]));

describe('a search', () => {
  test.each([
    ['', {}],
    ['  hello  world ', { text: 'hello world' }],
    ['status:failed status:running,paused', { status: ['failed', 'running', 'paused'] }],
    [
      'type:greet user:ada product:p group:g tenant:t',
      { type: 'greet', user_id: 'ada', product_id: 'p', sending_group_id: 'g', tenant: 't' },
    ],
    ['label:team=blue error:smtp.* error:net.timeout', { label: 'team=blue', error_types: ['smtp.*', 'net.timeout'] }],
    ['user:"Ada L" "two words"', { user_id: 'Ada L', text: 'two words' }],
    ['since:1h', { date_range: { start: '2026-03-01T11:00:00.000Z', end: '2999-12-31T00:00:00.000Z' } }],
    ['since:2026-02-01 before:2d', { date_range: { start: '2026-02-01T00:00:00.000Z', end: '2026-02-27T12:00:00.000Z' } }],
    ['<script>alert(1)</script>', { text: '<script>alert(1)</script>' }],
  ])('%j asks for %j, which the platform takes', (text, filters) => {
    expect(filtersOf(text)).toEqual(filters);
    expect(fetchJobHistorySchema.safeParse({ filters: filtersOf(text) }).success).toBe(true);
  });

  test('says which parts it does not know', () => {
    expect(readSearch('status:odd colour:red since:x label:y ok', now)).toMatchObject({
      filters: { text: 'ok' },
      unknown: ['status:odd', 'colour:red', 'since:x', 'label:y'],
    });
  });

  test.each(['job_01890a5d-ac96-774b-bcce-b302099a8057', 'job_01890a5d-ac96-774b-bcce-b302099a8057.17'])(
    '%s is one job',
    (id) => {
      expect(readSearch(` ${id} `, now)).toEqual({ filters: {}, jobId: id, unknown: [] });
    },
  );
});

test('a filter is put in and taken out', () => {
  expect(toggled('hello', 'status', 'failed')).toBe('hello status:failed');
  expect(toggled('hello status:failed x', 'status', 'failed')).toBe('hello x');
  expect([has('a status:failed', 'status', 'failed'), has('status:failed2', 'status', 'failed')]).toEqual([true, false]);
});

test('the last word is completed', () => {
  const known = { status: ['failed', 'running'], type: ['greet'] };
  expect(completions('x sta', known)).toEqual(['x status:']);
  expect(completions('status:f', known)).toEqual(['status:failed']);
  expect(completions('status:failed', known)).toEqual([]);
  expect(completions('', known)).toEqual([]);
});
