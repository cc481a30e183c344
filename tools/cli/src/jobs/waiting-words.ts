import type { BatchJob } from '@kintsugi/contracts';
import { plural } from '../terminal/quantities.js';
import { harmless } from '../terminal/text-width.js';

type WaitingJob = Pick<BatchJob, 'type' | 'total_tasks' | 'waiting_reason' | 'wedged'>;

interface Wait {
  words: string;
  advice: string;
}

const advice = 'Start a worker that does; examples/hello-worker/README.md shows how.';
/** Different waits that are told below a list. */
const toldMax = 8;

/** What keeps a job from going on, in a sentence; null where nothing does. */
export function waitingWords(job: WaitingJob): string | null {
  return waitOf(job)?.words ?? null;
}

/** The same and what to do about it. */
export function waitingAdviceOf(job: WaitingJob): string | null {
  const wait = waitOf(job);
  return wait && `${wait.words} ${wait.advice}`;
}

/** What keeps jobs of a list from going on, each reason once with how many wait for it. */
export function waitingWordsOfList(jobs: readonly WaitingJob[]): string[] {
  const counts = new Map<string, { wait: Wait; count: number }>();
  for (const job of jobs) {
    const wait = waitOf(job);
    if (wait) counts.set(wait.words, { wait, count: (counts.get(wait.words)?.count ?? 0) + 1 });
  }
  const told = [...counts.values()].slice(0, toldMax);
  const isUnserved = told.some(({ wait }) => wait.advice === advice);
  return [
    ...told.map(({ wait, count }) => {
      const words = `${wait.words} ${plural(count, 'job')} of this list wait${count === 1 ? 's' : ''}.`;
      return wait.advice === advice ? words : `${words} ${wait.advice}`;
    }),
    ...(counts.size > toldMax ? [`Others wait for other things: ./kintsugi why JOB_ID says for what.`] : []),
    ...(isUnserved ? [advice] : []),
  ];
}

function waitOf(job: WaitingJob): Wait | null {
  if (job.waiting_reason !== undefined) {
    const does = job.total_tasks === null ? 'plans jobs' : 'runs tasks';
    return { words: `No worker ${does} of type ${harmless(job.type)}.`, advice };
  }
  if (!job.wedged) return null;
  const { certain, what, do: ends } = job.wedged;
  return {
    words: `${certain ? 'As things stand it cannot end.' : 'It may not be able to end.'} ${harmless(what)}`,
    advice: harmless(ends),
  };
}
