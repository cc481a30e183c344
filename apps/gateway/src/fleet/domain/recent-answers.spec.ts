import { expect, test } from '@jest/globals';
import { RecentAnswers } from './recent-answers.js';

/** Answers that are made by hand at a time set by hand. */
function answersAt() {
  const clock = { now: 0 };
  const open: PromiseWithResolvers<number>[] = [];
  const answers = new RecentAnswers<string, number>(2_000, () => clock.now);
  const ask = (key = 'a') =>
    answers.of(key, () => {
      open.push(Promise.withResolvers<number>());
      return open.at(-1)!.promise;
    });
  return { clock, open, ask };
}

test('one answer is for all of one key who ask while it is made and soon after it came', async () => {
  const { clock, open, ask } = answersAt();
  const first = ask();
  expect(ask()).toBe(first);
  expect(ask('b')).not.toBe(first);
  clock.now = 60_000;
  expect(ask()).toBe(first);
  open[0]!.resolve(7);
  expect(await first).toBe(7);
  clock.now += 1_999;
  expect(ask()).toBe(first);
  expect(open).toHaveLength(2);
  clock.now += 1;
  expect(ask()).not.toBe(first);
  expect(open).toHaveLength(3);
});

test('a failure is kept for nobody who asks after it', async () => {
  const { open, ask } = answersAt();
  const failed = ask();
  open[0]!.reject(new Error('away'));
  await expect(failed).rejects.toThrow('away');
  expect(ask()).not.toBe(failed);
});
