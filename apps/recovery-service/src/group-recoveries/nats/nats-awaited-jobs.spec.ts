import { expect, test } from '@jest/globals';
import { DEFAULT_TENANT, ProblemError } from '@kintsugi/contracts';
import type { Bus } from '@kintsugi/messaging';
import { NatsAwaitedJobs } from './nats-awaited-jobs.js';

const idOf = (index: number): string => `job_01890a5d-ac96-774b-bcce-${String(index).padStart(12, '0')}`;
const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => idOf(index));

/** A job-service that knows jobs with an even index, and whose answers hold so many at most. */
function jobServiceWith(answersMax: number) {
  const asked: number[] = [];
  const ask = async (_subject: string, body: string) => {
    const { job_ids: ids } = JSON.parse(body) as { job_ids: string[] };
    asked.push(ids.length);
    if (ids.length > answersMax) throw new ProblemError('ANSWER_TOO_LARGE', 'too large');
    const known = ids.filter((id) => Number(id.at(-1)) % 2 === 0);
    const jobs = known.map((id) => ({ id, status: 'running', tenant: DEFAULT_TENANT, labels: {} }));
    return { string: () => JSON.stringify({ as_of: 1, jobs }) };
  };
  return { asked, jobs: new NatsAwaitedJobs({ ask } as unknown as Bus) };
}

test('asks for as many jobs at once as one request may name, and for each once', async () => {
  const { asked, jobs } = jobServiceWith(100);
  const found = await jobs.of([...idsOf(120), ...idsOf(120)]);
  expect(asked).toEqual([100, 20]);
  expect([...found.keys()]).toEqual(idsOf(120).filter((_, index) => index % 2 === 0));
  expect(found.get(idOf(0))).toEqual({ id: idOf(0), status: 'running', tenant: DEFAULT_TENANT });
});

test('asks by halves for jobs that do not fit into one answer', async () => {
  const { asked, jobs } = jobServiceWith(30);
  expect((await jobs.of(idsOf(100))).size).toBe(50);
  expect(asked).toEqual([100, 50, 25, 25, 50, 25, 25]);
});

test('makes no further request where one gets no answer', async () => {
  const { asked, jobs } = jobServiceWith(0);
  await expect(jobs.of([idOf(0)])).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' });
  await expect(jobs.of(idsOf(300))).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' });
  expect(asked).toEqual([1, 100, 50, 25, 13, 7, 4, 2, 1]);
});
