import { Injectable } from '@nestjs/common';
import { brokenTaskStates, typeOfLane } from '@kintsugi/contracts';
import { Metrics } from '@kintsugi/observability';
import { ChunkChanges, type WrittenChange } from './chunk-changes.js';
import { bundledJobEnd } from './domain/bundled-job-status.js';

const finalStates = ['succeeded', 'cancelled', ...brokenTaskStates] as const;

/** Counts attempts, and the ends of tasks and single-task jobs, as they are written. */
@Injectable()
export class TaskStats {
  constructor(
    private readonly metrics: Metrics,
    changes: ChunkChanges,
  ) {
    changes.observe({
      written: (change) => {
        this.countAttempts(change);
        this.countEnds(change);
      },
    });
  }

  private countAttempts({ chunk, facts }: WrittenChange): void {
    const { metrics } = this;
    const labels = { type: typeOfLane(chunk.identity.lane) };
    const outcomes = {
      succeeded: facts.succeededUs.length,
      failed: facts.failedUs.length,
      lost: facts.lost,
      returned: facts.returned,
      cancelled: facts.cancelled,
    };
    for (const [outcome, count] of Object.entries(outcomes)) {
      metrics.count('kintsugi_attempts_total', { ...labels, outcome }, count);
    }
    metrics.observeMany('kintsugi_attempt_seconds', facts.succeededUs, 1e-6, { ...labels, outcome: 'succeeded' });
    metrics.observeMany('kintsugi_attempt_seconds', facts.failedUs, 1e-6, { ...labels, outcome: 'failed' });
    metrics.observeMany('kintsugi_task_outcome_seconds', facts.outcomeMs, 1e-3, labels);
    metrics.observeMany('kintsugi_task_wait_seconds', facts.waitMs, 1e-3, labels);
  }

  private countEnds({ chunk, known, sums }: WrittenChange): void {
    // Planning is no task of the job: it was not counted as accepted either.
    if (chunk.isPlan) return;
    const type = typeOfLane(chunk.identity.lane);
    for (const state of finalStates) {
      const ended = (sums.counts[state] ?? 0) - (known.counts[state] ?? 0);
      this.metrics.count('kintsugi_tasks_finished_total', { type, state }, ended);
      const status = chunk.identity.jobs ? bundledJobEnd(state) : null;
      if (status) this.metrics.count('kintsugi_jobs_finished_total', { type, status }, ended);
    }
  }
}
