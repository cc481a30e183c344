import { describe, expect, test } from '@jest/globals';
import { Presence } from './presence.js';

const ticks = (fromMs: number, toMs: number) =>
  Array.from({ length: (toMs - fromMs) / 100 + 1 }, (_, tick) => fromMs + tick * 100);

describe('whoever was asked', () => {
  test('is there while its connection breaks and comes back', () => {
    const presence = new Presence();
    expect(presence.present('a')).toBeNull();
    for (const nowMs of ticks(100, 1_000)) expect(presence.absent(nowMs)).toBeNull();
    expect(presence.present('a')).toBeNull();
    for (const nowMs of ticks(2_000, 2_900)) expect(presence.absent(nowMs)).toBeNull();
  });

  test('is gone once another has taken its place', () => {
    const presence = new Presence();
    expect([presence.present('a'), presence.absent(100), presence.absent(200), presence.present('b')]).toEqual([
      ...[null, null, null],
      100,
    ]);
    expect(presence.present('b')).toBeNull();
  });

  test('is gone once nobody has listened for a while', () => {
    const presence = new Presence();
    for (const nowMs of ticks(100, 1_000)) expect(presence.absent(nowMs)).toBeNull();
    expect(presence.absent(1_100)).toBe(100);
  });

  test('is not gone because whoever asks was stopped meanwhile', () => {
    const presence = new Presence();
    expect([presence.absent(100), presence.absent(5_000), presence.absent(5_100)]).toEqual([null, null, null]);
  });

  test('is not known from the others that listen beside it', () => {
    const presence = new Presence();
    expect(['a', 'b', 'a'].map((identity) => presence.present(identity))).toEqual([null, null, null]);
  });
});
