import { describe, expect, it } from '@jest/globals';
import { ago, count, duration, percent, plural } from './quantities.js';

describe('quantities', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [4_249, '4.2 s'],
    [59_900, '59.9 s'],
    [185_000, '3 min 5 s'],
    [180_000, '3 min'],
    [8_040_000, '2 h 14 min'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it('a share of 100 % has nothing missing', () => {
    expect(percent(1)).toBe('100 %');
    expect(percent(0.99999)).toBe('99.9 %');
    expect(percent(0)).toBe('0.0 %');
    expect(percent(0.8765)).toBe('87.6 %');
  });

  it('counts are grouped and nouns agree', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(plural(1, 'task')).toBe('1 task');
    expect(plural(10_000, 'task')).toBe('10,000 tasks');
  });

  it('a time is told by how long ago it was', () => {
    const now = Date.parse('2026-02-10T12:00:00.000Z');
    expect(ago('2026-02-10T11:59:18.000Z', now)).toBe('42 s ago');
    expect(ago('2026-02-10T09:30:00.000Z', now)).toBe('2 h ago');
    expect(ago('2026-02-10T12:00:05.000Z', now)).toBe('0 s ago');
    expect(ago(null, now)).toBe('-');
  });
});
