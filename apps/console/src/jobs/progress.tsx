import type { BatchJob } from '@kintsugi/contracts';
import { useTexts } from '../texts/language.js';
import { sharesOf } from './domain/job-progress.js';

/** How far a job is, as a bar and in numbers. */
export function Progress({ job }: { job: BatchJob }) {
  const say = useTexts();
  const shares = sharesOf(job);
  const done = Math.floor(job.detailed_status.progress_percentage);
  const label = say('job.progressLabel', { done, bad: Math.ceil(shares.bad) });
  return (
    <div className="meter" role="img" aria-label={label} title={label}>
      {(['good', 'bad', 'off', 'busy'] as const).map((kind) => (
        <i key={kind} className={`meter-${kind}`} style={{ width: `${shares[kind]}%` }} />
      ))}
    </div>
  );
}
