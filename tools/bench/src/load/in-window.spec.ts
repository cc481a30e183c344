import { describe, expect, test } from '@jest/globals';
import { inWindow } from './in-window.js';

describe('a window of submissions', () => {
  test('covers every index once and never exceeds its width', async () => {
    const seen: number[] = [];
    let underWay = 0;
    let most = 0;
    await inWindow(20, 4, async (index) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      seen.push(index);
      underWay -= 1;
    });
    expect(seen.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(most).toBe(4);
  });

  test('passes on the first failure', async () => {
    const refuse = async (): Promise<void> => {
      throw new Error('refused');
    };
    await expect(inWindow(3, 2, refuse)).rejects.toThrow('refused');
  });
});
