import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { DeadLetterStore } from '@kintsugi/persistence';
import { LogStore } from '../../task-logs/log-store.js';
import { JobHistory } from '../domain/job-history.js';
import { UsageStore } from '../../samples/usage-store.js';
import { deletedRow } from '../domain/job-row.js';

const usageSettlesMs = 30_000;

/** Removes deleted jobs from the history, with their logs and what was sampled of them. That they were deleted stays there for a while, so that nothing late brings them back. */
@Injectable()
export class ForgetJobs implements OnModuleDestroy {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly history: JobHistory,
    private readonly deadLetters: DeadLetterStore,
    private readonly logs: LogStore,
    private readonly usage: UsageStore,
  ) {}

  onModuleDestroy(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  async execute(jobIds: readonly string[]): Promise<void> {
    const now = Date.now();
    await this.history.record(jobIds.map((jobId) => ({ row: deletedRow(jobId, now), repeated: true })));
    await this.deadLetters.removeAbout(jobIds);
    await this.logs.forget(jobIds);
    await this.usage.remove(jobIds);
    // What workers told of a job at its very end may be on its way until now.
    const timer = after('forget-jobs.usage', usageSettlesMs, () => {
      this.timers.delete(timer);
      return this.usage.remove(jobIds);
    }).unref();
    this.timers.add(timer);
  }
}
