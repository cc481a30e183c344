import { expect, test } from '@jest/globals';
import { waitOfStore } from './wait-of-store.js';

test('a job that has not ended waits for a database that does not answer', () => {
  expect(waitOfStore(false, 'running')).toMatchObject([{ reason: 'STORE_AWAY', holder: 'MongoDB', eta_s: null }]);
  expect([waitOfStore(true, 'running'), waitOfStore(false, 'completed')]).toEqual([[], []]);
});
