import { expect, test } from '@jest/globals';
import { fieldsOf, shownChange } from './what-changed.js';

test('what differs comes first, and is told in a line', () => {
  const entry = { before: { type: 'a', status: 'running' }, after: { type: 'a', status: 'paused', by: { at: 1 } } };
  expect(fieldsOf(entry).map(({ field, differs }) => [field, differs])).toEqual([
    ['status', true],
    ['by', true],
    ['type', false],
  ]);
  expect(shownChange(entry)).toBe('status running → paused, by – → {"at":1}');
});

test('of what was made or is gone no line tells each field, and nothing differs where nothing is told', () => {
  expect(shownChange({ before: null, after: { name: 'nightly' } })).toBe('');
  expect(fieldsOf({ before: { name: 'nightly' }, after: null })).toEqual([
    { field: 'name', before: 'nightly', after: undefined, differs: true },
  ]);
  expect(fieldsOf({ before: null, after: null })).toEqual([]);
});
