import { expect, test } from '@jest/globals';
import { AwaitedJobs } from './awaited-jobs.js';

const bundle = '01890a5d-ac96-774b-bcce-b302099a8057';
const [own, first, second] = [`job_01890a5d-ac96-774b-bcce-b302099a8058`, `job_${bundle}.0`, `job_${bundle}.7`];

test('jobs are known until they are taken out, those of a bundle by it too', () => {
  const awaited = new AwaitedJobs();
  for (const id of [own, first, second, first]) awaited.add(id);
  expect([own, first, second].map((id) => awaited.has(id))).toEqual([true, true, true]);
  expect([...(awaited.inBundle(`${bundle}.0`) ?? [])]).toEqual([first, second]);
  for (const id of [own, first, second]) awaited.delete(id);
  expect([own, first, second].map((id) => awaited.has(id))).toEqual([false, false, false]);
  expect(awaited.inBundle(`${bundle}.0`)?.size).toBe(0);
});

test('more than can be remembered are all taken for awaited, so that no end is passed over', () => {
  const awaited = new AwaitedJobs(2);
  for (const id of [own, first, second]) awaited.add(id);
  awaited.delete(own);
  expect([own, 'job_01890a5d-ac96-774b-bcce-b302099a8059'].map((id) => awaited.has(id))).toEqual([true, true]);
  expect(awaited.inBundle(`${bundle}.0`)).toBeNull();
});
