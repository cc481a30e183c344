import { inBackground } from '@kintsugi/boundary';
import type { HearingClock } from '@kintsugi/messaging';
import { isUnreachable, untilReachable } from '@kintsugi/persistence';
import { LedgerEntry } from '../../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../../jobs/job-ledger.js';
import { ChunkRecordInMemory, type Reach, type StoredChunks } from '../../tasks/chunk-record-in-memory.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { deferTask, retryTask } from '../../tasks/domain/recovery-moves.js';
import { begunJob } from './begun-chunk.js';
import { dispatchParts, type DispatchParts } from './dispatch-parts.js';
import type { SimulatedNetwork } from './simulated-network.js';

export interface Surroundings {
  network: SimulatedNetwork;
  stored: StoredChunks;
  reach: Reach;
  /** Time for which others could be heard. */
  heard: () => number;
  onFault: (error: unknown) => void;
}

const now = 1_700_000_010_000;

/** What of job-service changes chunks and speaks to workers, as it is wired there, with a job that is at work. */
export class SimulatedJobService {
  leads = true;
  frozen = false;
  /** Chunks that somebody else had changed. */
  conflicts = 0;
  readonly entry: LedgerEntry;
  readonly parts: DispatchParts;
  private readonly bus: ReturnType<SimulatedNetwork['connect']>;
  private readonly hearers: (() => void)[] = [];
  private started = false;
  private stopped = false;

  constructor(
    readonly name: string,
    readonly epoch: number,
    around: Surroundings,
  ) {
    const { network, stored, reach, heard, onFault } = around;
    const assertLeading = (): Promise<void> => (this.leads ? Promise.resolve() : new Promise(() => undefined));
    const hearing = {
      get now() {
        return heard();
      },
      hearsSince: -Infinity,
      onHeard: (listener: () => void): void => {
        this.hearers.push(listener);
      },
    } as Partial<HearingClock>;
    const count = (name: string): void => {
      if (name === 'kintsugi_write_conflicts_total') this.conflicts += 1;
    };
    this.entry = new LedgerEntry(begunJob, { counts: {}, first_try: 0, recovered: 0, retries: 0 }, null);
    this.bus = network.connect(name, () => !this.frozen);
    this.parts = dispatchParts({
      ...{ hearing, now, lossesMax: 1_000, bus: this.bus, metrics: { count }, leader: { assertLeading } },
      record: new ChunkRecordInMemory({ stored, epoch: () => epoch, sure: assertLeading, reach }),
      ledger: this.ledgerOf(reach),
      onFault: (error) => {
        // The store is away now and then.
        if (!isUnreachable(error)) onFault(error);
      },
    });
  }

  /** Takes over and begins to listen, as fast as the store answers. */
  begin(): void {
    inBackground('simulation', () => this.start());
  }

  private async start(): Promise<void> {
    await untilReachable(() => this.parts.takeOver.execute());
    if (this.stopped) return;
    this.parts.watch.start();
    this.parts.listener.start();
    this.parts.dispatcher.wake();
    this.started = true;
  }

  get isStarted(): boolean {
    return this.started;
  }

  die(): void {
    this.stopped = true;
    this.leads = false;
    this.frozen = true;
    this.parts.dispatcher.stop();
    this.bus.leave();
  }

  /** Time has passed in which it could hear. */
  hear(): void {
    if (!this.frozen) for (const hearer of this.hearers) hearer();
  }

  /** What the reconciler does at each round. */
  reconcile(): void {
    if (!this.started || this.frozen) return;
    this.parts.queues.invalidate();
    this.parts.dispatcher.wake();
    inBackground('simulation', () => this.parts.takeOver.execute().catch(() => undefined));
  }

  /** Recovery tries a failed task again, now or later. */
  decide(chunkId: string, index: number, attempt: number, decision: 'defer' | 'retry'): void {
    const carryOut = ([chunk]: Chunk[]): void => {
      if (!chunk) return;
      const make = () => (decision === 'defer' ? deferTask(chunk, index, attempt, now) : retryTask(chunk, index, attempt));
      this.parts.engine.change(chunk, make);
    };
    // Where the store is away the command comes again.
    inBackground('simulation', () => this.parts.engine.withChunks([chunkId], carryOut).catch(() => undefined));
  }

  private ledgerOf(reach: Reach): Partial<JobLedger> {
    const { entry } = this;
    return {
      all: [entry],
      get: (jobId) => (jobId === entry.job._id ? entry : undefined),
      // The job is in memory or has to be read.
      hold: async (_ids, work) => {
        await reach(() => undefined).catch(() => undefined);
        return work();
      },
      settle: () => undefined,
    };
  }
}
