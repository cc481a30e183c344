import { expect, test } from '@jest/globals';
import { methodsOfPath } from './route-table.js';

const routes = [
  { method: 'POST', path: '/job-operations' },
  { method: 'GET', path: '/v1/jobs' },
  { method: 'GET', path: '/v1/jobs/:id' },
  { method: 'DELETE', path: '/v1/jobs/:id' },
];

test('the methods of a path are found through its parameters', () => {
  expect(methodsOfPath(routes, '/v1/jobs/job_1')).toEqual(['DELETE', 'GET']);
  expect(methodsOfPath(routes, '/job-operations')).toEqual(['POST']);
});

test.each(['/v1', '/v1/jobs/', '/v1/jobs/a/b', '/V1/jobs', '', '/'])('%p is no path', (path) => {
  expect(methodsOfPath(routes, path)).toEqual([]);
});
