import { describe, expect, test } from '@jest/globals';
import { draw } from './draw.js';

describe('a draw', () => {
  test('is fixed by its seed and subject', () => {
    expect(draw('seed', 'subject')).toBe(draw('seed', 'subject'));
    expect(draw('seed', 'subject')).not.toBe(draw('seed', 'other'));
    expect(draw('seed', 'subject')).not.toBe(draw('other', 'subject'));
  });

  test('spreads evenly from 0 up to 1, also over subjects that are nearly alike', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let number = 0; number < 10_000; number += 1) {
      const tenth = Math.floor(draw('seed', `r${number}`) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
