import { expect, test } from '@jest/globals';
import type { WedgeMark } from '@kintsugi/contracts';
import { waitingAdviceOf, waitingWords, waitingWordsOfList } from './waiting-words.js';

const wedged: WedgeMark = {
  wedge_id: 'wedge_1',
  reason: 'CIRCLE',
  certain: true,
  what: 'None of them can go on: job_a → the concurrency key crm → job_a.',
  do: 'Cancel one of the jobs.',
  since: '2026-11-28T03:00:00.000Z',
};
const job = (given: object = {}) => ({ type: 'send', total_tasks: 1, ...given });

test('a job of which it is supposed only that it cannot end is told so', () => {
  expect(waitingWords(job({ wedged: { ...wedged, certain: false } }))).toBe(`It may not be able to end. ${wedged.what}`);
});

test('a job that cannot end says so, why, and what ends it', () => {
  expect(waitingWords(job({ wedged }))).toBe(`As things stand it cannot end. ${wedged.what}`);
  expect(waitingAdviceOf(job({ wedged }))).toBe(`As things stand it cannot end. ${wedged.what} ${wedged.do}`);
  expect(waitingAdviceOf(job())).toBeNull();
});

test('where nobody runs its type, that is said alone', () => {
  expect(waitingWords(job({ waiting_reason: 'NO_WORKER', wedged }))).toBe('No worker runs tasks of type send.');
});

test('a list names each wedge once, with how many of it wait and what ends it', () => {
  expect(waitingWordsOfList([job({ wedged }), job(), job({ wedged }), job({ waiting_reason: 'NO_WORKER' })])).toEqual([
    `As things stand it cannot end. ${wedged.what} 2 jobs of this list wait. Cancel one of the jobs.`,
    'No worker runs tasks of type send. 1 job of this list waits.',
    expect.stringContaining('Start a worker'),
  ]);
});

test('a list of many different wedges stays short', () => {
  const jobs = Array.from({ length: 50 }, (_, number) => job({ wedged: { ...wedged, what: `Circle ${number}.` } }));
  expect(waitingWordsOfList(jobs)).toHaveLength(9);
  expect(waitingWordsOfList(jobs).at(-1)).toContain('./kintsugi why JOB_ID');
});
