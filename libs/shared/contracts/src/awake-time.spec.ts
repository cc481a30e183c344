import { expect, test } from '@jest/globals';
import { AwakeTime } from './awake-time.js';

test('goes on from sign to sign, and by one step at most over a pause', () => {
  let now = 1_000;
  const time = new AwakeTime(500, () => now);
  now += 300;
  expect(time.now).toBe(300);
  expect(time.pass()).toBe(300);
  now += 30_000;
  expect(time.now).toBe(800);
  expect(time.pass()).toBe(800);
  expect(time.pass()).toBe(800);
  now += 100;
  expect(time.pass()).toBe(900);
});

test('stands still without a sign', () => {
  let now = 1_000;
  const time = new AwakeTime(500, () => now);
  now += 600;
  expect(time.now).toBe(500);
  now += 60_000;
  expect(time.now).toBe(500);
});

test('never goes back', () => {
  let now = 1_000;
  const time = new AwakeTime(500, () => now);
  now -= 700;
  expect(time.pass()).toBe(0);
});
