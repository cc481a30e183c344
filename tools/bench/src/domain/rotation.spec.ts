import { describe, expect, test } from '@jest/globals';
import { orderOfRound } from './rotation.js';

const rounds = (items: string[], count: number): string[] =>
  Array.from({ length: count }, (_, round) => orderOfRound(items, round).join(''));

describe('the order of a round', () => {
  test('of two is ABBA', () => {
    expect(rounds(['A', 'B'], 2)).toEqual(['AB', 'BA']);
  });

  test('of three gives each of them each place equally often over six rounds', () => {
    const orders = rounds(['A', 'B', 'C'], 6);
    expect(new Set(orders).size).toBe(6);
    for (const place of [0, 1, 2]) {
      const seen = orders.map((order) => order[place]);
      for (const item of ['A', 'B', 'C']) expect(seen.filter((one) => one === item)).toHaveLength(2);
    }
  });

  test('of one or none is itself', () => {
    expect(rounds(['A'], 3)).toEqual(['A', 'A', 'A']);
    expect(orderOfRound([], 3)).toEqual([]);
  });
});
