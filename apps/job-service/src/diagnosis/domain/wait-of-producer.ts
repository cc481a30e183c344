import { isFinished, type BatchJob, type JobWait } from '@kintsugi/contracts';

const noEta = { eta_s: null, eta_low_s: null, eta_high_s: null };

/** What a job that somebody else runs waits for: its producer, since it was last heard of; none once it has ended. */
export function waitOfProducer(job: BatchJob): JobWait[] {
  const { id, status, created_at, reported_at, stalled_after_s } = job;
  if (isFinished(status)) return [];
  if (status === 'paused') {
    const what = 'The job is paused: its producer was told to hold it.';
    return [{ ...noEta, reason: 'PAUSED', tasks: null, what, holder: 'a person', since: null, do: `./kintsugi resume ${id}` }];
  }
  const heard = reported_at ? `It last reported at ${reported_at}` : 'It has not reported yet';
  const end = status === 'cancelling' ? 'is taken for cancelled' : 'fails as job.stalled';
  return [
    {
      ...noEta,
      reason: 'PRODUCER',
      tasks: null,
      what: `Its producer ${workOf[status] ?? 'runs the job'}. ${heard}; the job ${end} ${stalled_after_s} s after the last report.`,
      holder: 'its producer',
      since: reported_at ?? created_at,
      do: 'Look at whoever created the job: it reports by updateBatchJob, or ./kintsugi update.',
    },
  ];
}

const workOf: Partial<Record<BatchJob['status'], string>> = {
  pending: 'is to begin with it',
  recovering: 'was asked to try it again',
  cancelling: 'was asked to stop it',
};
