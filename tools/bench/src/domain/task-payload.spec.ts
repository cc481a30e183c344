import { expect, test } from '@jest/globals';
import { payloadOf } from './task-payload.js';

test('a payload is about 100 bytes of JSON, whatever its number', () => {
  for (const n of [0, 99_999, 999_999]) {
    const bytes = JSON.stringify(payloadOf(n, 1_234_567.891)).length;
    expect(bytes).toBeGreaterThan(85);
    expect(bytes).toBeLessThan(120);
  }
});
