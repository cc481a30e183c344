import type { BatchJob } from '@kintsugi/contracts';

/** A job as its producer knows it. `jobId` is null while nobody knows whether it was accepted. */
export interface ProducedJob {
  key: string;
  jobId: string | null;
  /** Ids that later requests under the same key were given. */
  repeats: string[];
  tasks: number;
  safety: 'idempotent' | 'keyed' | 'unsafe';
}

/** One run of a task as the recorder outside the platform saw it begin. */
export interface RecordedRun {
  taskId: string;
  jobId: string;
  runKey: string;
  attempt: number;
  pid: number;
  at: number;
  /** The recorder had it fail, so that another attempt is due. */
  toldToFail: boolean;
}

/** A time in which a worker process could not work. */
export interface Outage {
  pid: number;
  from: number;
  until: number;
}

export type Promise =
  | 'no accepted job is lost'
  | 'nothing exists that nobody asked for'
  | 'an attempt is given to one worker, once'
  | 'a task whose worker lived is not run again'
  | 'an unsafe task is never run again'
  | 'a keyed task has one run key'
  | 'one idempotency key makes one job'
  | 'each accepted job ends, and well'
  | 'the history tells of each job as it is'
  | 'it works again by itself';

export interface Violation {
  promise: Promise;
  about: string;
}

/** What must hold of the runs at any moment, whatever broke. */
export function violationsOfRuns(
  runs: readonly RecordedRun[],
  jobs: readonly ProducedJob[],
  outages: readonly Outage[],
): Violation[] {
  const violations: Violation[] = [];
  const safetyOf = new Map(jobs.flatMap(({ jobId, safety }) => (jobId === null ? [] : [[jobId, safety] as const])));
  const byTask = Map.groupBy(runs, ({ taskId }) => taskId);
  for (const [taskId, ofTask] of byTask) {
    const [first] = ofTask as [RecordedRun];
    const keys = new Set(ofTask.map(({ runKey }) => runKey));
    if (keys.size > 1) violations.push({ promise: 'a keyed task has one run key', about: `${taskId}: ${[...keys].join(', ')}` });
    const attempts = new Set(ofTask.map(({ attempt }) => attempt));
    if (attempts.size < ofTask.length) {
      violations.push({ promise: 'an attempt is given to one worker, once', about: `${taskId}: ${storyOf(ofTask)}` });
    }
    if (safetyOf.get(first.jobId) === 'unsafe' && ofTask.length > 1) {
      violations.push({ promise: 'an unsafe task is never run again', about: `${taskId}: ${storyOf(ofTask)}` });
    }
    if (isRunAgainForNothing(ofTask, outages)) {
      violations.push({ promise: 'a task whose worker lived is not run again', about: `${taskId}: ${storyOf(ofTask)}` });
    }
  }
  return violations;
}

/**
 * Whether an attempt followed one that had neither failed nor lost its worker. A worker that was paused and taken for lost
 * may begin its attempt after the next one has begun elsewhere, so the attempts tell what followed what, and not the times.
 */
function isRunAgainForNothing(ofTask: readonly RecordedRun[], outages: readonly Outage[]): boolean {
  const inOrder = ofTask.toSorted((one, other) => one.attempt - other.attempt);
  return inOrder.some((run, position) => {
    const next = inOrder[position + 1];
    if (!next || run.toldToFail) return false;
    return !outages.some(
      ({ pid, from, until }) =>
        pid === run.pid && from <= Math.max(run.at, next.at) && until >= Math.min(run.at, next.at) - lateStartMs,
    );
  });
}

/** A worker that is awake again may still begin what it holds before it hears that it was taken for lost. */
const lateStartMs = 5_000;

function storyOf(ofTask: readonly RecordedRun[]): string {
  const start = ofTask[0]?.at ?? 0;
  return ofTask.map(({ attempt, pid, at }) => `attempt ${attempt} in ${pid} at +${at - start} ms`).join(', ');
}

/** What must hold of the jobs: each that was accepted is there, and no other. */
export function violationsOfJobs(
  jobs: readonly ProducedJob[],
  found: ReadonlyMap<string, BatchJob | null>,
  runs: readonly RecordedRun[],
): Violation[] {
  const violations: Violation[] = [];
  for (const { key, jobId, repeats } of jobs) {
    if (jobId === null) continue;
    if (found.get(jobId) === null) violations.push({ promise: 'no accepted job is lost', about: jobId });
    const others = repeats.filter((repeat) => repeat !== jobId);
    if (others.length > 0) {
      violations.push({ promise: 'one idempotency key makes one job', about: `${key}: ${jobId}, ${others.join(', ')}` });
    }
  }
  const known = new Set(jobs.flatMap(({ jobId }) => jobId ?? []));
  const hasUnknownEnd = jobs.some(({ jobId }) => jobId === null);
  const strangers = new Set(runs.map(({ jobId }) => jobId).filter((jobId) => !known.has(jobId)));
  // Where an answer never came, the job may well exist.
  if (!hasUnknownEnd) {
    for (const jobId of strangers) violations.push({ promise: 'nothing exists that nobody asked for', about: jobId });
  }
  return violations;
}

/** What must hold at the end: each job has ended, with every task done that may run again. */
export function violationsOfEnds(
  jobs: readonly ProducedJob[],
  found: ReadonlyMap<string, BatchJob | null>,
  runs: readonly RecordedRun[],
  outages: readonly Outage[],
): Violation[] {
  const unlucky = new Set(
    runs.filter(({ pid, at }) => outages.some((outage) => outage.pid === pid && outage.until >= at)).map(({ jobId }) => jobId),
  );
  const tasksRun = new Map<string, Set<string>>();
  for (const { jobId, taskId } of runs) tasksRun.set(jobId, (tasksRun.get(jobId) ?? new Set()).add(taskId));
  return jobs.flatMap(({ jobId, safety, tasks }): Violation[] => {
    const job = jobId === null ? null : found.get(jobId);
    if (!job) return [];
    // A worker may die after a task was given to it and before it told of the run.
    const isUntold =
      (tasksRun.get(job.id)?.size ?? 0) < tasks && outages.some(({ until }) => until >= Date.parse(job.created_at));
    const story = `${job.id}: ${safety}, ${job.status}, ${JSON.stringify(job.task_counts)} of ${tasks}`;
    const isDone = job.status === 'completed' && job.task_counts.succeeded === tasks;
    // Of an unsafe task whose worker died, nobody can tell whether it took effect: a person decides.
    const waitsForPerson = safety === 'unsafe' && job.status === 'failed' && (unlucky.has(job.id) || isUntold);
    return isDone || waitsForPerson ? [] : [{ promise: 'each accepted job ends, and well', about: story }];
  });
}
