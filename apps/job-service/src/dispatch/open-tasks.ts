import { Injectable } from '@nestjs/common';
import { planQueueOf } from '@kintsugi/contracts';
import { untilReachable } from '@kintsugi/persistence';
import type { JobRecord } from '../jobs/domain/job.js';
import { givenByJob } from '../jobs/domain/given-by-job.js';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobRecords } from '../jobs/job-records.js';
import { StagedChunks } from '../tasks/staged-chunks.js';
import { CancelTasks } from './cancel-tasks.js';
import { PrioritiseTasks } from './prioritise-tasks.js';
import { ReadyQueues } from './ready-queues.js';

/** Makes the staged chunks of an accepted job real and lets them run. Safe to repeat: it is also done at the start. */
@Injectable()
export class OpenTasks {
  private readonly listeners: ((entry: LedgerEntry) => void)[] = [];

  constructor(
    private readonly jobs: JobRecords,
    private readonly staged: StagedChunks,
    private readonly ledger: JobLedger,
    private readonly queues: ReadyQueues,
    private readonly cancelTasks: CancelTasks,
    private readonly prioritiseTasks: PrioritiseTasks,
  ) {}

  /** Calls the listener with each job at work whose chunks have just become real. */
  onOpened(listener: (entry: LedgerEntry) => void): void {
    this.listeners.push(listener);
  }

  async execute(job: JobRecord): Promise<void> {
    const { jobs, ledger, queues } = this;
    const planning = job.total_tasks === null;
    const queue = planning ? planQueueOf(job.type) : job.type;
    // How long a task may run says nothing of how long it takes to plan them.
    const { timeout_s: _, ...ofPlan } = givenByJob(job);
    const given = planning ? { ...ofPlan, queue, safety: 'idempotent' as const } : { ...givenByJob(job), queue };
    await untilReachable(() => this.staged.openStaged(job._id, given, planning));
    await untilReachable(() => jobs.noteOpened(job._id));
    const entry = ledger.get(job._id);
    entry?.noteOpened();
    if (entry) for (const listener of this.listeners) listener(entry);
    // Who cancelled the job, or gave it another priority, meanwhile could not see what has just become real.
    if (entry?.isCancelling) await untilReachable(() => this.cancelTasks.ofJob(job._id));
    if (entry && entry.job.priority !== given.priority) await untilReachable(() => this.prioritiseTasks.follow(entry));
    ledger.settle(job._id);
    queues.noteOpened(queue, job._id);
  }
}
