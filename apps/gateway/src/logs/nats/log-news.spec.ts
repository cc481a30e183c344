import { expect, test } from '@jest/globals';
import type { Bus } from '@kintsugi/messaging';
import { LogNews } from './log-news.js';

const bus = { subscribe: () => ({ unsubscribe: () => undefined }) } as unknown as Bus;

const jobOf = (at: number): string => `job_01890a5d-ac96-774b-bcce-${String(at).padStart(12, '0')}`;

test('nothing is kept of logs that nobody follows any more, whether or not there was news of them', async () => {
  const news = new LogNews(bus);
  for (let at = 0; at < 5; at += 1) {
    news.follow(jobOf(at));
    await news.wait(jobOf(at), 0, 1, new AbortController().signal);
    news.leave(jobOf(at));
  }
  const given = new AbortController();
  news.follow(jobOf(9));
  const waiting = news.wait(jobOf(9), 0, 60_000, given.signal);
  expect(news.kept).toBe(1);
  given.abort();
  await waiting;
  news.leave(jobOf(9));
  expect(news.kept).toBe(0);
});
