import {
  isFinished,
  type DependencyFailureRule,
  type FinishedJobStatus,
  type JobDependency,
  type JobStatus,
} from '@kintsugi/contracts';

/** What a job that others wait for has come to. */
export interface AwaitedEnd {
  jobId: string;
  became: FinishedJobStatus | 'deleted';
}

type Condition = JobDependency['on'];

/** What a job waits for, as the record has it: one text each, by which the jobs that wait are found. */
export function awaitOf(jobId: string, on: Condition): string {
  return `${jobId} ${on}`;
}

/** What a new job has to wait for. With the rule `run` every end will do. */
export function awaitsOf(dependencies: readonly JobDependency[], rule: DependencyFailureRule | undefined): string[] {
  return dependencies.map(({ job_id, on }) => awaitOf(job_id, rule === 'run' ? 'finished' : on));
}

/** All that whoever waits for one of these jobs may have written. */
export function awaitsFor(jobIds: readonly string[]): string[] {
  return jobIds.flatMap((id) => [awaitOf(id, 'completed'), awaitOf(id, 'finished')]);
}

export function jobOfAwait(awaited: string): string {
  return awaited.slice(0, awaited.indexOf(' '));
}

/** What waits no longer once a job has ended so. */
export function metBy({ jobId, became }: AwaitedEnd): string[] {
  const anyEnd = awaitOf(jobId, 'finished');
  return became === 'completed' ? [awaitOf(jobId, 'completed'), anyEnd] : [anyEnd];
}

/** What waits in vain once a job has ended so; null where nothing does. */
export function brokenBy({ jobId, became }: AwaitedEnd): string | null {
  return became === 'completed' ? null : awaitOf(jobId, 'completed');
}

/** How a job counts for those that wait for it; null while it may still go on. A missing one is gone. */
export function endOf(jobId: string, status: JobStatus | undefined): AwaitedEnd | null {
  if (status === undefined || status === 'deleting') return { jobId, became: 'deleted' };
  return isFinished(status) ? { jobId, became: status } : null;
}

/** States in which a job waits for others: before anything of it may run. */
export const awaitingStatuses = ['scheduled', 'paused'] as const satisfies JobStatus[];
