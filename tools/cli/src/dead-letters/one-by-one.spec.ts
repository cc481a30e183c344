import { expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { oneByOne } from './one-by-one.js';

const busy = new ProblemError('RATE_LIMITED', 'Too many.');
const gone = new ProblemError('DEAD_LETTER_NOT_FOUND', 'There is no such dead letter.');
const down = new ProblemError('SERVICE_UNAVAILABLE', 'job-service is away.');

test('one that fails keeps none of the others back, and what became of each is told', async () => {
  const failing: Record<string, Error> = { 'job.1': busy, 'job.2': gone };
  const results = await oneByOne(['job.0', 'job.1', 'job.2', 'job.3'], async (id) => {
    if (failing[id]) throw failing[id];
    return `${id} done`;
  });
  expect(results).toEqual([
    { id: 'job.0', answer: 'job.0 done' },
    { id: 'job.1', failure: expect.objectContaining({ code: 'RATE_LIMITED' }) },
    { id: 'job.2', failure: expect.objectContaining({ code: 'DEAD_LETTER_NOT_FOUND' }) },
    { id: 'job.3', answer: 'job.3 done' },
  ]);
});

test('once a service is away, what else it keeps is told as not tried, and the others go on', async () => {
  const tried: string[] = [];
  const results = await oneByOne(['job.1', 'webhook.1', 'job.2', 'metrics.2'], async (id) => {
    tried.push(id);
    if (id.startsWith('job.')) throw down;
    return id;
  });
  expect(tried).toEqual(['job.1', 'webhook.1', 'metrics.2']);
  expect(results[2]).toEqual({
    id: 'job.2',
    failure: { code: 'SERVICE_UNAVAILABLE', message: 'It was not tried: job could not be reached before.' },
  });
});

test('what is asked for one alone fails as it did', async () => {
  await expect(oneByOne(['job.1'], () => Promise.reject(down))).rejects.toBe(down);
});
