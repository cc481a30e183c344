import { endedTaskStates, type BatchJob, type LiveJob } from '@kintsugi/contracts';

/** What a job was at a moment. */
export interface JobReading {
  /** Epoch milliseconds. */
  at: number;
  job: BatchJob;
}

/** Readings that are older say nothing of how it goes now. */
const windowMs = 60_000;
const rateWindowMs = 10_000;
/** Half the width of 95 % around the root of a count, whose spread is the same however large it is. */
const halfWidth = 0.98;
/** Readings between which something has ended, below which nobody knows whether it goes on like that. */
const movesMin = 3;

/** A job as it goes on: where it is, how fast it goes, and when it will be done if it goes on like that. */
export class JobPace {
  private readings: JobReading[] = [];

  note(reading: JobReading): LiveJob {
    const before = this.readings.at(-1);
    // What was run again, or recovered, goes anew.
    const isAnew = before !== undefined && (doneOf(reading.job) < doneOf(before.job) || before.job.status !== reading.job.status);
    const kept = isAnew ? [] : this.readings.filter(({ at }) => reading.at - at <= windowMs);
    this.readings = [...kept, reading];
    const { at, job } = reading;
    const { current_phase, progress_percentage, active_tasks, error_count } = job.detailed_status;
    const lately = this.readings.filter((earlier) => at - earlier.at <= rateWindowMs);
    return {
      job_id: job.id,
      as_of: new Date(at).toISOString(),
      status: job.status,
      ...{ phase: current_phase, progress_percentage, total_tasks: job.total_tasks, ended_tasks: endedOf(job) },
      ...{ active_tasks, error_count, task_counts: job.task_counts },
      tasks_per_s: rateOf(lately, endedOf),
      errors_per_s: rateOf(lately, ({ detailed_status: { error_count: errors } }) => errors),
      eta: this.etaOf(reading),
      ...(job.waiting_reason ? { waiting_reason: job.waiting_reason } : {}),
      is_over: job.status === 'completed' || job.status === 'cancelled',
    };
  }

  private etaOf({ at, job }: JobReading): LiveJob['eta'] {
    const [first] = this.readings;
    if (!first || !['running', 'recovering'].includes(job.status) || !canBeDone(job)) return null;
    const steps = stepsOf(this.readings);
    const done = steps.reduce((sum, step) => sum + step, 0);
    const seconds = (at - first.at) / 1_000;
    if (done <= 0 || seconds <= 0) return null;
    const left = workOf(job) - doneOf(job);
    const spread = halfWidth * Math.sqrt(dispersionOf(steps));
    const isKnown = steps.filter((step) => step > 0).length >= movesMin;
    const slowest = isKnown ? Math.max(0, Math.sqrt(done) - spread) ** 2 : 0;
    const fastest = (Math.sqrt(done) + spread) ** 2;
    const secondsAt = (count: number): number => Math.round((left * seconds * 10) / count) / 10;
    return {
      seconds: secondsAt(done),
      interval_s: [secondsAt(fastest), slowest === 0 ? null : secondsAt(slowest)],
      at: new Date(at + secondsAt(done) * 1_000).toISOString(),
    };
  }
}

function endedOf({ task_counts: counts }: BatchJob): number {
  return endedTaskStates.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

/** Of a job of one task, and of one that runs elsewhere, only a share is known. */
function isCounted({ total_tasks, executor }: BatchJob): boolean {
  return total_tasks !== null && total_tasks > 1 && executor !== 'external';
}

function canBeDone(job: BatchJob): boolean {
  return isCounted(job) || job.total_tasks !== null || job.executor === 'external';
}

function doneOf(job: BatchJob): number {
  return isCounted(job) ? endedOf(job) : job.detailed_status.progress_percentage;
}

function workOf(job: BatchJob): number {
  return isCounted(job) ? (job.total_tasks as number) : 100;
}

function rateOf(readings: readonly JobReading[], countOf: (job: BatchJob) => number): number | null {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || last.at <= first.at) return null;
  const rate = ((countOf(last.job) - countOf(first.job)) * 1_000) / (last.at - first.at);
  return Math.round(Math.max(0, rate) * 100) / 100;
}

function stepsOf(readings: readonly JobReading[]): number[] {
  return readings.slice(1).map(({ job }, index) => doneOf(job) - doneOf((readings[index] as JobReading).job));
}

/** How much more the steps differ than chance alone would have it: tasks that end in groups say less than as many single ones. */
function dispersionOf(steps: readonly number[]): number {
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const variance = steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / Math.max(1, steps.length - 1);
  return Math.max(1, variance / mean);
}
