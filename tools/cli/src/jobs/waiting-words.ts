import type { BatchJob } from '@kintsugi/contracts';
import { plural } from '../terminal/quantities.js';
import { harmless } from '../terminal/text-width.js';

type WaitingJob = Pick<BatchJob, 'type' | 'total_tasks' | 'waiting_reason'>;

const advice = 'Start a worker that does; examples/hello-worker/README.md shows how.';

/** What keeps a job from going on, in a sentence; null where nothing does. */
export function waitingWords(job: WaitingJob): string | null {
  if (job.waiting_reason === undefined) return null;
  return `No worker ${job.total_tasks === null ? 'plans jobs' : 'runs tasks'} of type ${harmless(job.type)}.`;
}

/** The same and what to do about it. */
export function waitingAdviceOf(job: WaitingJob): string | null {
  const words = waitingWords(job);
  return words && `${words} ${advice}`;
}

/** What keeps jobs of a list from going on, each reason once with how many wait for it. */
export function waitingWordsOfList(jobs: readonly WaitingJob[]): string[] {
  const counts = new Map<string, number>();
  for (const job of jobs) {
    const words = waitingWords(job);
    if (words) counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  return [
    ...[...counts].map(([words, count]) => `${words} ${plural(count, 'job')} of this list wait${count === 1 ? 's' : ''}.`),
    advice,
  ];
}
