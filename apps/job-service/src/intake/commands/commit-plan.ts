import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { Faults } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { untilReachable } from '@kintsugi/persistence';
import { CancelTasks } from '../../dispatch/cancel-tasks.js';
import { PrioritiseTasks } from '../../dispatch/prioritise-tasks.js';
import { ReadyQueues } from '../../dispatch/ready-queues.js';
import { givenByJob } from '../../jobs/domain/given-by-job.js';
import type { JobOutboxEntry } from '../../jobs/domain/job.js';
import type { LedgerEntry } from '../../jobs/domain/ledger-entry.js';
import { JobLedger } from '../../jobs/job-ledger.js';
import { JobOutbox } from '../../jobs/job-outbox.js';
import { JobRecords } from '../../jobs/job-records.js';
import { Clock } from '../../platform/clock.js';
import { ChunkChanges } from '../../tasks/chunk-changes.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { StagedChunks } from '../../tasks/staged-chunks.js';

/** Makes the tasks that a planner has staged the tasks of its job, once the planning task has succeeded. */
@Injectable()
export class CommitPlan {
  constructor(
    private readonly jobs: JobRecords,
    private readonly staged: StagedChunks,
    private readonly ledger: JobLedger,
    private readonly queues: ReadyQueues,
    private readonly cancelTasks: CancelTasks,
    private readonly prioritiseTasks: PrioritiseTasks,
    private readonly outbox: JobOutbox,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    faults: Faults,
    changes: ChunkChanges,
  ) {
    changes.observe({
      written: ({ chunk, sums }) => {
        if (!chunk.isPlan || !sums.counts.succeeded) return;
        inBackground('commit-plan', () => this.execute(chunk).catch(faults.report));
      },
    });
  }

  /** Safe to repeat: it is also done at the start, for plans that succeeded just before a crash. */
  async execute(plan: Chunk): Promise<void> {
    const { jobs, ledger, queues, outbox, metrics, clock } = this;
    const { jobId } = plan.identity;
    const entry = jobId === null ? undefined : ledger.get(jobId);
    if (!entry || entry.isPlanned) return;
    if (entry.isCancelling) return this.drop(entry);
    const { job } = entry;
    const { fence } = plan.state;
    await untilReachable(() => this.staged.dropStaged(job._id, fence));
    const staged = await untilReachable(() => this.staged.countStaged(job._id, fence));
    const event: JobOutboxEntry = {
      id: `evt_${job._id}.planned`,
      name: 'job.planned',
      at: clock.now(),
      data: { jobs: [{ job_id: job._id, total_tasks: staged.tasks }] },
    };
    if (await untilReachable(() => jobs.notePlanned(job._id, staged.tasks, staged.chunks, event))) {
      metrics.count('kintsugi_tasks_accepted_total', { type: job.type }, staged.tasks);
    }
    outbox.publish(job._id, event);
    await untilReachable(() => this.staged.openStaged(job._id, givenByJob(job)));
    entry.notePlanned(staged.tasks, staged.chunks);
    // Who cancelled the job, or gave it another priority, meanwhile could not see these tasks.
    if (entry.isCancelling) await untilReachable(() => this.cancelTasks.ofJob(job._id));
    if (entry.job.priority !== job.priority) await untilReachable(() => this.prioritiseTasks.follow(entry));
    ledger.settle(job._id);
    queues.noteOpened(job.type, job._id);
  }

  /** Of a job that is being cancelled nothing is made real. */
  private async drop(entry: LedgerEntry): Promise<void> {
    await untilReachable(() => this.staged.dropStaged(entry.job._id));
    entry.dropPlan();
    this.ledger.settle(entry.job._id);
  }
}
