import { inBackground } from '@kintsugi/boundary';
import type { Logger, Metrics } from '@kintsugi/observability';
import { isUnreachable, untilReachable } from '@kintsugi/persistence';
import { LedgerEntry } from '../../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../../jobs/job-ledger.js';
import type { OutboxRelay } from '../../outbox/outbox-relay.js';
import { ChunkRecordInMemory, type Reach, type StoredChunks } from '../../tasks/chunk-record-in-memory.js';
import { ChunkWriter } from '../../tasks/chunk-writer.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { deferTask, retryTask } from '../../tasks/domain/recovery-moves.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { Dispatcher } from '../dispatcher.js';
import { WorkerRoster } from '../domain/worker-roster.js';
import { WorkerListener } from '../nats/worker-listener.js';
import { WorkSender } from '../nats/work-sender.js';
import { ReadyLanes } from '../ready-lanes.js';
import { takeOverLeases, type TakeOverParts } from '../take-over-leases.js';
import { TaskEngine } from '../task-engine.js';
import { WorkerWatch } from '../worker-watch.js';
import { begunJob } from './begun-chunk.js';
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
const silent = { warn: () => undefined } as unknown as Logger;

/** What of job-service changes chunks and speaks to workers, as it is wired there, with a job that is at work. */
export class SimulatedJobService {
  leads = true;
  frozen = false;
  /** Chunks that somebody else had changed. */
  conflicts = 0;
  readonly entry: LedgerEntry;
  readonly live: LiveChunks;
  readonly lanes: ReadyLanes;
  readonly roster = new WorkerRoster();
  readonly writer: ChunkWriter;
  readonly dispatcher: Dispatcher;
  readonly engine: TaskEngine;
  private readonly watch: WorkerWatch;
  private readonly listener: WorkerListener;
  private readonly record: ChunkRecordInMemory;
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
    const sure = (): Promise<void> => (this.leads ? Promise.resolve() : new Promise(() => undefined));
    const clocks = { now: () => now, heard };
    const hearing = {
      get now() {
        return heard();
      },
      hearsSince: -Infinity,
      onHeard: (listener: () => void): void => {
        this.hearers.push(listener);
      },
    };
    const count = (name: string): void => {
      if (name === 'kintsugi_write_conflicts_total') this.conflicts += 1;
    };
    const metrics = { count, observeMany: () => undefined } as unknown as Metrics;
    this.entry = new LedgerEntry(begunJob, { counts: {}, first_try: 0, recovered: 0, retries: 0 }, null);
    const ledger = this.ledgerOf(reach);
    this.bus = network.connect(name, () => !this.frozen);
    const { bus, roster } = this;
    const sender = new WorkSender(bus);
    this.record = new ChunkRecordInMemory({ stored, epoch: () => epoch, sure, reach });
    const { record: store } = this;
    const live: LiveChunks = new LiveChunks(store, {
      isNeeded: (chunk) => chunk.state.leases.some(({ lost }) => !lost) || writer.isBusy(chunk) || lanes.holds(chunk),
      onEntered: (chunk) => engine.onEntered(chunk),
    });
    const lanes: ReadyLanes = new ReadyLanes({ store, live, ledger, onFilled: () => dispatcher.wake(), onFault });
    const writer: ChunkWriter = new ChunkWriter(store, {
      onWritten: (write) => engine.onWritten(write),
      onConflict: (chunk) => engine.onConflict(chunk),
      onFault: (error) => {
        // The store is away now and then.
        if (!isUnreachable(error)) onFault(error);
      },
    });
    const dispatcher: Dispatcher = new Dispatcher({
      ...{ lanes, roster, ledger, writer, sender, ...clocks },
      onUndeliverable: (chunk, fence) => engine.failUndeliverable(chunk, fence),
    });
    const relay = { publish: () => undefined } as unknown as OutboxRelay;
    const engine: TaskEngine = new TaskEngine({
      ...{ live, writer, ledger, lanes, roster, dispatcher, relay, metrics, onFault, ...clocks },
      onPlanned: () => undefined,
    });
    this.watch = new WorkerWatch({
      ...{ bus, hearing, roster, live, lanes, engine, dispatcher, sender, metrics, logger: silent },
      ...{ sure, lossesMax: 1_000, now: clocks.now },
    });
    this.listener = new WorkerListener({ bus, live, engine, sure, watch: this.watch, onFault });
    this.live = live;
    this.lanes = lanes;
    this.writer = writer;
    this.dispatcher = dispatcher;
    this.engine = engine;
  }

  /** Takes over and begins to listen, as fast as the store answers. */
  begin(): void {
    inBackground('simulation', () => this.start());
  }

  private async start(): Promise<void> {
    await untilReachable(() => takeOverLeases(this.takeOver));
    if (this.stopped) return;
    this.watch.start();
    this.listener.start();
    this.dispatcher.wake();
    this.started = true;
  }

  get isStarted(): boolean {
    return this.started;
  }

  die(): void {
    this.stopped = true;
    this.leads = false;
    this.frozen = true;
    this.dispatcher.stop();
    this.bus.leave();
  }

  /** Time has passed in which it could hear. */
  hear(): void {
    if (!this.frozen) for (const hearer of this.hearers) hearer();
  }

  /** What the reconciler does at each round. */
  reconcile(): void {
    if (!this.started || this.frozen) return;
    this.lanes.distrust();
    this.dispatcher.wake();
    inBackground('simulation', () => takeOverLeases(this.takeOver).catch(() => undefined));
  }

  private get takeOver(): TakeOverParts {
    return { store: this.record, engine: this.engine, lanes: this.lanes };
  }

  /** Recovery tries a failed task again, now or later. */
  decide(chunkId: string, index: number, attempt: number, decision: 'defer' | 'retry'): void {
    const carryOut = ([chunk]: Chunk[]): void => {
      if (!chunk) return;
      const make = () => (decision === 'defer' ? deferTask(chunk, index, attempt, now) : retryTask(chunk, index, attempt));
      this.engine.change(chunk, make);
    };
    // Where the store is away the command comes again.
    inBackground('simulation', () => this.engine.withChunks([chunkId], carryOut).catch(() => undefined));
  }

  private ledgerOf(reach: Reach): JobLedger {
    const { entry } = this;
    const ledger: Pick<JobLedger, 'all' | 'get' | 'hold' | 'onWritten' | 'settle'> = {
      all: [entry],
      get: (jobId) => (jobId === entry.job._id ? entry : undefined),
      // The job is in memory or has to be read.
      hold: async (_ids, work) => {
        await reach(() => undefined).catch(() => undefined);
        return work();
      },
      onWritten: () => undefined,
      settle: () => undefined,
    };
    return ledger as JobLedger;
  }
}
