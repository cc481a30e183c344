import { Injectable } from '@nestjs/common';
import { PLAN_SEQUENCE, chunkIdOf } from '@kintsugi/contracts';
import { untilReachable } from '@kintsugi/persistence';
import { ReleaseTasks } from '../dependencies/release-tasks.js';
import { CancelTasks } from '../dispatch/cancel-tasks.js';
import { PrioritiseTasks } from '../dispatch/prioritise-tasks.js';
import { TakeOverLeases } from '../dispatch/take-over-leases.js';
import { ChunkedIntake } from '../intake/commands/chunked-intake.js';
import { CommitPlan } from '../intake/commands/commit-plan.js';
import type { JobRecord } from '../jobs/domain/job.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobRecords } from '../jobs/job-records.js';
import { Clock } from '../platform/clock.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { StagedChunks } from '../tasks/staged-chunks.js';
import { Reconciler } from './reconciler.js';

/** Takes over the work where it stands in the record: what a replica that leads no more, or has ended, has begun. */
@Injectable()
export class TakeOverJobs {
  constructor(
    private readonly staged: StagedChunks,
    private readonly jobs: JobRecords,
    private readonly chunked: ChunkedIntake,
    private readonly ledger: JobLedger,
    private readonly takeOverLeases: TakeOverLeases,
    private readonly live: LiveChunks,
    private readonly commitPlan: CommitPlan,
    private readonly prioritiseTasks: PrioritiseTasks,
    private readonly cancelTasks: CancelTasks,
    private readonly releaseTasks: ReleaseTasks,
    private readonly reconciler: Reconciler,
    private readonly clock: Clock,
  ) {}

  /** Gives how many jobs there are that have not ended. */
  async execute(): Promise<number> {
    await this.openJobs();
    const unfinished = await untilReachable(() => this.ledger.start());
    await untilReachable(() => this.takeOverLeases.execute());
    await this.finishWhatWasBegun(unfinished);
    return unfinished.length;
  }

  /** Jobs that were accepted, but whose chunks were not all made real. */
  private async openJobs(): Promise<void> {
    const staged = await untilReachable(() => this.staged.jobsWithStaged());
    for (const job of await untilReachable(() => this.jobs.unfinished())) {
      // A job may be paused before its time, and before what it waits for: the clock opens it.
      const isToCome = job.awaits !== undefined || (job.run_at !== undefined && job.wake_at !== undefined);
      if (isToCome && !job.opened && job.status === 'paused') continue;
      if (!job.opened || (staged.has(job._id) && job.total_tasks !== null)) await this.chunked.open(job);
    }
  }

  private async finishWhatWasBegun(unfinished: readonly JobRecord[]): Promise<void> {
    const { ledger, reconciler, clock } = this;
    await untilReachable(() => reconciler.publishPromised(clock.now()));
    for (const { _id, status, priority_moving: isMoving } of unfinished) {
      const entry = ledger.get(_id);
      if (entry?.planning === 'done' && entry.job.total_tasks === null) {
        const [plan] = await this.live.use([chunkIdOf(_id, PLAN_SEQUENCE)], (chunks) => chunks);
        if (plan) await this.commitPlan.execute(plan);
      }
      if (entry && isMoving) await untilReachable(() => this.prioritiseTasks.follow(entry));
      if (status === 'cancelling') await this.cancelTasks.ofJob(_id);
      if (entry) this.releaseTasks.begin(entry);
    }
  }
}
