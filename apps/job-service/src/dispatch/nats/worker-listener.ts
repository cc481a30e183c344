import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { beatSchema, subjects, type LeaseOutcome, type OutcomeReceipt } from '@kintsugi/contracts';
import { Bus, HearingClock, respond, type Msg, type Subscription } from '@kintsugi/messaging';
import type { z } from 'zod';
import { Faults } from '@kintsugi/hosting';
import { Leader } from '../../platform/leader.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { TaskEngine } from '../task-engine.js';
import { WorkerWatch } from '../worker-watch.js';
import { readInventory } from './read-inventory.js';
import { readReport, type ReadReport } from './read-report.js';

/** Refusals that are remembered, so that each is said once. */
const refusalsMax = 1_000;

/** Hears the workers: their beats, their inventories and their outcome reports. */
@Injectable()
export class WorkerListener {
  private subscriptions: Subscription[] = [];
  private readonly refusals = new Set<string>();

  constructor(
    private readonly bus: Bus,
    private readonly live: LiveChunks,
    private readonly engine: TaskEngine,
    private readonly hearing: HearingClock,
    private readonly watch: WorkerWatch,
    private readonly leader: Leader,
    private readonly faults: Faults,
  ) {}

  start(): void {
    const { bus, hearing, watch } = this;
    this.subscriptions = [
      bus.subscribe(subjects.beats, (message) => {
        hearing.noteSign();
        this.read(message, beatSchema, ({ worker_id: id }) => watch.beat(id));
      }),
      bus.subscribe(subjects.inventories, (message) => this.introduce(message)),
      bus.subscribe(subjects.outcomes, (message) =>
        this.record(message, this.reportIn(message)).catch((error: unknown) => this.fault(message, error)),
      ),
    ];
    bus.publish(subjects.rollCall, '');
  }

  stop(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  /** Records every lease of the report; the receipt goes out once all of it is written. */
  private async record(message: Msg, { leases, refused }: ReadReport): Promise<void> {
    const { live, engine } = this;
    let waiting = leases.length;
    let fenced = 0;
    const done = (late: number): void => {
      waiting -= 1;
      fenced += late;
      if (waiting <= 0) this.receipt(message, fenced, refused);
    };
    if (waiting === 0) this.receipt(message, 0, refused);
    const take = (chunk: Chunk, outcome: LeaseOutcome): void =>
      engine.record(chunk, refused ? failingWhatIsHeld(chunk, outcome) : outcome, done);
    const late: LeaseOutcome[] = [];
    for (const outcome of leases) {
      const chunk = live.get(outcome.chunk_id);
      if (chunk) take(chunk, outcome);
      else late.push(outcome);
    }
    if (late.length === 0) return;
    await engine.withChunks(
      late.map(({ chunk_id: id }) => id),
      (chunks) => {
        for (const outcome of late) {
          const chunk = chunks.find(({ id }) => id === outcome.chunk_id);
          if (chunk) take(chunk, outcome);
          else done(outcome.done.length + outcome.failed.length);
        }
      },
    );
  }

  /** What breaks the contract of reports is logged, told to the worker and never asked for again. */
  private reportIn(message: Msg): ReadReport {
    const report = readReport(jsonIn(message), Date.now());
    if (report.refused) this.fault(message, new Error(`Parts of an outcome report were refused: ${report.refused}`));
    return report;
  }

  /** Whoever does not surely lead cannot say that a result is refused: its successor may have given the lease. */
  private receipt(message: Msg, fenced: number, refused: string | undefined): void {
    const receipt: OutcomeReceipt = { recorded: true, fenced, ...(refused ? { refused } : {}) };
    inBackground('worker-listener.receipt', async () => {
      await this.leader.assertLeading();
      respond(message, JSON.stringify(receipt));
    });
  }

  /** A notice that breaks its contract changes nothing; it is logged, because it is a fault of the worker's library. */
  private read<Schema extends z.ZodType>(message: Msg, schema: Schema, use: (value: z.output<Schema>) => void): void {
    try {
      use(schema.parse(message.json()));
    } catch (error) {
      this.fault(message, error);
    }
  }

  private async introduce(message: Msg): Promise<void> {
    try {
      const { inventory, refused } = readInventory(message.json());
      if (refused.length > 0) this.refuse(message, inventory.worker_id, refused.join(', '));
      await this.watch.takeInventory(inventory);
    } catch (error) {
      this.fault(message, error);
    }
  }

  /** Said once of a worker, though it offers them every second. */
  private refuse(message: Msg, workerId: string, queues: string): void {
    const refusal = `Worker ${workerId} offers what is no job type; the others of its types are served: ${queues}`;
    if (this.refusals.has(refusal)) return;
    if (this.refusals.size === refusalsMax) this.refusals.clear();
    this.refusals.add(refusal);
    this.fault(message, new Error(refusal));
  }

  private fault(message: Msg, error: unknown): void {
    this.faults.report(error, { subject: message.subject });
  }
}

/** A mended outcome may say of more tasks than its lease holds that they failed. */
function failingWhatIsHeld(chunk: Chunk, outcome: LeaseOutcome): LeaseOutcome {
  const held = new Set(chunk.leaseOf(outcome.fence)?.indexes);
  return { ...outcome, failed: outcome.failed.filter(({ index }) => held.has(index)) };
}

/** Undefined where there is no JSON. */
function jsonIn(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
