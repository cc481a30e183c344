import type { BatchJob } from '@kintsugi/contracts';
import { useTexts } from '../texts/language.js';
import { markOf } from './domain/job-progress.js';

/** Beside the state of a job that cannot go on by itself: why not, in a word. */
export function WaitMark({ job }: { job: BatchJob }) {
  const say = useTexts();
  const mark = markOf(job);
  if (!mark) return null;
  const title = mark === 'unserved' ? undefined : `${job.wedged?.what} ${job.wedged?.do}`;
  return (
    <span className="status status-bad" title={title}>
      {say(`jobs.mark.${mark}`)}
    </span>
  );
}
