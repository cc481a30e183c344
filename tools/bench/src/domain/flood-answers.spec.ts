import { expect, test } from '@jest/globals';
import { requireTaken } from './flood-answers.js';

const some = { taken: 1, refused: 5, failed: 2 };
const none = { taken: 0, refused: 900, failed: 0 };

test('a flood of which each door took some counts, whatever was refused', () => {
  expect(() => requireTaken({ http: some, nats: some })).not.toThrow();
});

test('a flood that one of the doors only refused is no flood', () => {
  expect(() => requireTaken({ http: none, nats: some })).toThrow('by HTTP 0 taken, 900 refused and 0 failed');
  expect(() => requireTaken({ http: some, nats: none })).toThrow('by NATS 0 taken, 900 refused and 0 failed');
});
