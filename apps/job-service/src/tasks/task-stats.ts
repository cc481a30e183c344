import { Injectable } from '@nestjs/common';
import { brokenTaskStates, typeOfQueue } from '@kintsugi/contracts';
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

  private countAttempts({ chunk, stats }: WrittenChange): void {
    const { metrics } = this;
    const labels = { type: typeOfQueue(chunk.identity.queue) };
    const outcomes = {
      succeeded: stats.succeededUs.length,
      failed: stats.failedUs.length,
      lost: stats.lost,
      returned: stats.returned,
      cancelled: stats.cancelled,
    };
    for (const [outcome, count] of Object.entries(outcomes)) {
      metrics.count('kintsugi_attempts_total', { ...labels, outcome }, count);
    }
    metrics.observeMany('kintsugi_attempt_seconds', stats.succeededUs, 1e-6, { ...labels, outcome: 'succeeded' });
    metrics.observeMany('kintsugi_attempt_seconds', stats.failedUs, 1e-6, { ...labels, outcome: 'failed' });
    metrics.observeMany('kintsugi_task_outcome_seconds', stats.outcomeMs, 1e-3, labels);
    metrics.observeMany('kintsugi_task_wait_seconds', stats.waitMs, 1e-3, labels);
  }

  private countEnds({ chunk, known, sums }: WrittenChange): void {
    // Planning is no task of the job: it was not counted as accepted either.
    if (chunk.isPlan) return;
    const type = typeOfQueue(chunk.identity.queue);
    for (const state of finalStates) {
      const ended = (sums.counts[state] ?? 0) - (known.counts[state] ?? 0);
      this.metrics.count('kintsugi_tasks_finished_total', { type, state }, ended);
      const status = chunk.identity.jobs ? bundledJobEnd(state) : null;
      if (status) this.metrics.count('kintsugi_jobs_finished_total', { type, status }, ended);
    }
  }
}
