import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pauseToCommonLook } from './common-looks.js';

test('all look together soon, whenever they began, and nobody twice in one moment', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), (now) => {
      const pause = pauseToCommonLook(now, 200);
      expect((now + pause) % 200).toBe(0);
      expect(pause).toBeGreaterThan(50);
      expect(pause).toBeLessThanOrEqual(250);
    }),
  );
});
