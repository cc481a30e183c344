import type { EventInput, Inventory, LeaseOutcome, ResourceLimits, SafetyClass } from '@kintsugi/contracts';
import type { JobRecord } from '../../jobs/domain/job.js';
import { LedgerEntry } from '../../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../../jobs/job-ledger.js';
import { ChunkRecordInMemory, type StoredChunks } from '../../tasks/chunk-record-in-memory.js';
import { Chunk } from '../../tasks/domain/chunk.js';
import type { LeasedSlice } from '../../tasks/domain/lease-tasks.js';
import { dispatchParts, type DispatchParts } from './dispatch-parts.js';

export interface SharedJob {
  id: string;
  tenant?: string;
  user?: string;
  priority?: number;
  chunks: number;
  tasksPerChunk: number;
  queue?: string;
  limits?: ResourceLimits;
  safety?: SafetyClass;
}

const now = 1_700_000_000_000;
const slowUs = 1_000_000;

/** Dispatch over a store in memory, with one worker of one slot that ends each task before it gets the next. */
export class SharedWorkers {
  readonly parts: DispatchParts;
  /** Whose tasks the worker has had, one after the other: job ids, and users of bundles. */
  readonly order: string[] = [];
  private readonly entries = new Map<string, LedgerEntry>();
  private readonly sent: LeasedSlice[] = [];
  /** Jobs that were told to be too large for every worker. */
  readonly outsized: string[] = [];
  /** How long each task takes. */
  taskUs = slowUs;
  private bundles = 0;

  constructor(
    private readonly stored: StoredChunks = new Map(),
    jobs: readonly SharedJob[] = [],
    queues: readonly string[] = ['send'],
    worker: Partial<Inventory> = {},
  ) {
    const { entries, sent } = this;
    for (const job of jobs) this.enter(job);
    const record = new ChunkRecordInMemory({ stored, epoch: () => 1 });
    const ledger = {
      get all() {
        return entries.values();
      },
      get: (jobId: string) => entries.get(jobId),
      hold: <Result>(_: Iterable<string>, work: () => Promise<Result>) => work(),
    } as unknown as JobLedger;
    const send = (_: string, slice: LeasedSlice): boolean => sent.push(slice) > 0;
    const publishTransient = ({ data }: { data: unknown }): void => {
      for (const { job_id: jobId } of (data as EventInput<'job.outsized'>).jobs) this.outsized.push(jobId);
    };
    this.parts = dispatchParts({ record, ledger: () => ledger, sender: { send }, publisher: { publishTransient }, now });
    this.parts.changes.observe({
      written: ({ chunk, known, sums, stats }) => entries.get(chunk.identity.jobId ?? '')?.add(false, known, sums, stats),
    });
    for (const queue of queues) this.parts.queues.queue(queue).pace.record(slowUs, 1);
    this.parts.roster.introduce(
      { worker_id: 'w', host: 'h', pid: 1, slots: 1, queues: [...queues], draining: false, held: [], running: [], ...worker },
      0,
    );
    this.parts.roster.prove('w');
  }

  /** A job of many tasks is accepted: its chunks are in the store alone. */
  async submit(job: SharedJob): Promise<void> {
    const { id, tenant, priority = 5, chunks, tasksPerChunk: count, queue = 'send', safety = 'idempotent' } = job;
    const record = new ChunkRecordInMemory({ stored: this.stored, epoch: () => 1 });
    const all = Array.from({ length: chunks }, (_, sequence) =>
      Chunk.fresh(
        {
          ...{ id: `${id.slice(4)}.${sequence}`, jobId: id, queue, priority, safety, count },
          ...{ acceptedAt: now, retryConfig: null, jobs: null, ...(tenant === undefined ? {} : { tenant }) },
        },
        Array.from({ length: count }, () => '{}'),
      ),
    );
    await record.write(all.map((chunk) => record.mark(chunk.takeChange())));
    this.enter(job);
    this.parts.queues.noteOpened(queue, id);
  }

  /** Jobs of one task each are accepted in one bundle. */
  bundle(user: string, count: number): void {
    const id = `01890a5d-ac96-774b-bcce-${String(this.bundles).padStart(12, '0')}`;
    this.bundles += 1;
    const head = { product_id: 'p', sending_group_id: 'g', labels: {} };
    const jobs = Array.from({ length: count }, (_, index) => ({ ...head, id: `job_${id}.${index}`, user_id: user }));
    const identity = { id: `${id}.0`, jobId: null, queue: 'send', priority: 5, safety: 'idempotent' as const, count };
    const chunk = Chunk.fresh(
      { ...identity, acceptedAt: now, retryConfig: null, jobs },
      jobs.map(() => '{}'),
    );
    this.parts.dispatcher.admit(chunk, () => undefined);
  }

  /** The worker runs so many tasks, or as many as there are. */
  async run(tasks: number): Promise<void> {
    for (let left = tasks; left > 0; left -= 1) {
      this.parts.dispatcher.run();
      // What the store is asked for comes first, then the write of the lease.
      for (let round = 0; round < 4 && this.sent.length === 0; round += 1) await this.settled();
      const slice = this.sent.shift();
      if (!slice) return;
      await this.end(slice);
    }
  }

  /** The workers are given what they can hold, and end nothing. */
  async start(): Promise<void> {
    for (let round = 0; round < 8; round += 1) {
      this.parts.dispatcher.run();
      await this.settled();
    }
  }

  /** What the worker has been given and has not ended: the jobs of the tasks, and what each may use. */
  get underWay(): { jobId: string; limits: ResourceLimits | undefined }[] {
    return this.sent.map(({ header }) => ({ jobId: header.job_id ?? '', limits: header.resource_limits }));
  }

  /** Tasks of a job that nobody has been given yet. */
  readyOf(jobId: string): number {
    return this.entries.get(jobId)?.counts.ready ?? 0;
  }

  private async end({ lease, header }: LeasedSlice): Promise<void> {
    const chunk = this.parts.live.get(header.chunk_id) as Chunk;
    const { jobId, jobs } = chunk.identity;
    for (const index of lease.indexes) this.order.push(jobId ?? jobs?.[index]?.user_id ?? '');
    const outcome: LeaseOutcome = {
      ...{ chunk_id: chunk.id, fence: lease.fence, base_ms: now, done: lease.indexes, failed: [], returned: [] },
      ...{ started: lease.indexes.map(() => 1), took_us: lease.indexes.map(() => this.taskUs) },
    };
    await new Promise<void>((resolve) => this.parts.engine.record(chunk, outcome, () => resolve()));
  }

  /** What has been asked of the store is done, and what follows from it. */
  private async settled(): Promise<void> {
    await new Promise(setImmediate);
    await this.parts.writer.settled();
  }

  private enter(job: SharedJob): void {
    const { id, tenant = 'default', user = 'u', priority = 5, chunks, tasksPerChunk, queue = 'send', limits = null } = job;
    const [total, stats] = [chunks * tasksPerChunk, { task_ms: {}, outcome_ms: {}, error_types: {} }];
    const said = {
      _id: id,
      tenant,
      user_id: user,
      priority,
      type: queue,
      status: 'running',
      total_tasks: total,
      opened: true,
      resource_limits: limits,
    };
    const sums = { counts: { ready: total }, first_try: 0, recovered: 0, retries: 0 };
    this.entries.set(id, new LedgerEntry({ ...said, ...stats } as JobRecord, sums, null));
  }
}
