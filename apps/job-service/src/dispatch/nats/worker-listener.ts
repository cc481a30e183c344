import {
  beatSchema,
  inventorySchema,
  outcomeReportSchema,
  subjects,
  type LeaseOutcome,
  type OutcomeReceipt,
  type OutcomeReport,
} from '@kintsugi/contracts';
import type { Bus, FaultListener, Msg, Subscription } from '@kintsugi/messaging';
import type { z } from 'zod';
import type { LiveChunks } from '../../tasks/live-chunks.js';
import type { TaskEngine } from '../task-engine.js';
import type { WorkerWatch } from '../worker-watch.js';

export interface WorkerListenerParts {
  bus: Bus;
  live: LiveChunks;
  engine: TaskEngine;
  watch: WorkerWatch;
  onFault: FaultListener;
}

/** Hears the workers: their beats, their inventories and their outcome reports. */
export class WorkerListener {
  private subscriptions: Subscription[] = [];

  constructor(private readonly parts: WorkerListenerParts) {}

  start(): void {
    const { bus, watch } = this.parts;
    this.subscriptions = [
      bus.subscribe(subjects.beats, (message) => this.read(message, beatSchema, ({ worker_id: id }) => watch.beat(id))),
      bus.subscribe(subjects.inventories, (message) =>
        this.read(message, inventorySchema, (inventory) => watch.takeInventory(inventory)),
      ),
      bus.subscribe(subjects.outcomes, (message) =>
        this.read(message, outcomeReportSchema, (report) => {
          void this.record(message, report).catch((error: unknown) => this.fault(message, error));
        }),
      ),
    ];
    bus.publish(subjects.rollCall, '');
  }

  stop(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  /** Records every lease of the report; the receipt goes out once all of it is written. */
  private async record(message: Msg, report: OutcomeReport): Promise<void> {
    const { live, engine } = this.parts;
    let waiting = report.leases.length;
    let fenced = 0;
    const done = (refused: number): void => {
      waiting -= 1;
      fenced += refused;
      if (waiting <= 0) this.receipt(message, fenced);
    };
    if (waiting === 0) this.receipt(message, 0);
    const late: LeaseOutcome[] = [];
    for (const outcome of report.leases) {
      const chunk = live.get(outcome.chunk_id);
      if (chunk) engine.record(chunk, outcome, done);
      else late.push(outcome);
    }
    if (late.length === 0) return;
    await engine.withChunks(
      late.map(({ chunk_id: id }) => id),
      (chunks) => {
        for (const outcome of late) {
          const chunk = chunks.find(({ id }) => id === outcome.chunk_id);
          if (chunk) engine.record(chunk, outcome, done);
          else done(outcome.done.length + outcome.failed.length);
        }
      },
    );
  }

  private receipt(message: Msg, fenced: number): void {
    const receipt: OutcomeReceipt = { recorded: true, fenced };
    message.respond(JSON.stringify(receipt));
  }

  /** A notice that breaks its contract changes nothing; it is logged, because it is a fault of the worker's library. */
  private read<Schema extends z.ZodType>(message: Msg, schema: Schema, use: (value: z.output<Schema>) => void): void {
    try {
      use(schema.parse(message.json()));
    } catch (error) {
      this.fault(message, error);
    }
  }

  private fault(message: Msg, error: unknown): void {
    this.parts.onFault(error, { subject: message.subject, requestId: undefined });
  }
}
