import { expect, test } from '@jest/globals';
import { REQUEST_ID_HEADER } from '@kintsugi/contracts';
import { headersOf } from './bus.js';
import { requestIdOf } from './request-id.js';

test.each([
  ['req-1', 'req-1'],
  ['a b', undefined],
  ['ä', undefined],
  ['x'.repeat(129), undefined],
  ['', undefined],
])('the request id %j is read as %j', (given, read) => {
  expect(requestIdOf({ headers: headersOf({ [REQUEST_ID_HEADER]: given }) })).toBe(read);
});
