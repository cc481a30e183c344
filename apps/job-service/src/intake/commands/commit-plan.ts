import { inBackground } from '@kintsugi/boundary';
import type { Metrics } from '@kintsugi/observability';
import { untilReachable } from '@kintsugi/persistence';
import type { Dispatcher } from '../../dispatch/dispatcher.js';
import type { ReadyLanes } from '../../dispatch/ready-lanes.js';
import type { JobOutboxEntry } from '../../jobs/domain/job.js';
import type { LedgerEntry } from '../../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../../jobs/job-ledger.js';
import type { JobStore } from '../../jobs/mongo/job-store.js';
import type { OutboxRelay } from '../../outbox/outbox-relay.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import type { ChunkStore } from '../../tasks/mongo/chunk-store.js';

export interface CommitPlanParts {
  jobs: JobStore;
  store: ChunkStore;
  ledger: JobLedger;
  lanes: ReadyLanes;
  dispatcher: Dispatcher;
  relay: OutboxRelay;
  metrics: Metrics;
  cancelTasksOf: (jobId: string) => Promise<void>;
  now: () => number;
  onFault: (error: unknown) => void;
}

/** Makes the tasks that a planner has staged the tasks of its job, once the planning task has succeeded. */
export class CommitPlan {
  constructor(private readonly parts: CommitPlanParts) {}

  /** Safe to repeat: it is also done at the start, for plans that succeeded just before a crash. */
  async execute(plan: Chunk): Promise<void> {
    const { jobs, store, ledger, lanes, dispatcher, relay, metrics, now } = this.parts;
    const { jobId } = plan.identity;
    const entry = jobId === null ? undefined : ledger.get(jobId);
    if (!entry || entry.isPlanned) return;
    if (entry.isCancelling) return this.drop(entry);
    const { job } = entry;
    const { fence } = plan.state;
    await untilReachable(() => store.dropStaged(job._id, fence));
    const staged = await untilReachable(() => store.countStaged(job._id, fence));
    const event: JobOutboxEntry = {
      id: `evt_${job._id}.planned`,
      name: 'job.planned',
      at: now(),
      data: { jobs: [{ job_id: job._id, total_tasks: staged.tasks }] },
    };
    if (await untilReachable(() => jobs.notePlanned(job._id, staged.tasks, staged.chunks, event))) {
      metrics.count('kintsugi_tasks_accepted_total', { type: job.type }, staged.tasks);
    }
    relay.publish({ ...event, about: job._id, owner: { kind: 'job', id: job._id }, data: () => event.data });
    await untilReachable(() =>
      store.openStaged(job._id, {
        lane: job.type,
        priority: job.priority,
        safety: job.safety,
        retry_config: job.retry_config,
        accepted_at: Date.parse(job.created_at),
      }),
    );
    entry.notePlanned(staged.tasks, staged.chunks);
    // Who cancelled the job meanwhile could not see these tasks.
    if (entry.isCancelling) await untilReachable(() => this.parts.cancelTasksOf(job._id));
    ledger.settle(job._id);
    lanes.distrust(job.type);
    dispatcher.wake();
  }

  /** Of a job that is being cancelled nothing is made real. */
  private async drop(entry: LedgerEntry): Promise<void> {
    await untilReachable(() => this.parts.store.dropStaged(entry.job._id));
    entry.dropPlan();
    this.parts.ledger.settle(entry.job._id);
  }

  /** For a plan that has just been written. */
  start(plan: Chunk): void {
    inBackground('commit-plan', () => this.execute(plan).catch(this.parts.onFault));
  }
}
