import { expect, test } from '@jest/globals';
import { queryString } from './query-string.js';

test('a query names what is there, and repeats the name of a list', () => {
  expect(queryString({ limit: 5, status: ['running', 'failed'], label: 'a=b c', cursor: undefined })).toBe(
    '?limit=5&status=running&status=failed&label=a%3Db+c',
  );
  expect(queryString({ cursor: undefined })).toBe('');
});
