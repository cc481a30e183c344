import { after, inBackground } from '@kintsugi/boundary';
import { handleApart, willPass } from '@kintsugi/persistence';
import type { JobHistory } from '../domain/job-history.js';
import { hasEnded } from '../domain/job-state.js';
import { joinRows, type JobRow } from '../domain/job-row.js';

/** An event on its way into the history; exactly one of its two ends is called, once. */
export interface Delivery {
  facts: readonly JobRow[];
  /** When it happened, in epoch milliseconds. */
  time: number;
  /** Whether the broker has given it out before. */
  repeated: boolean;
  /** Whether somebody has made it happen and waits to see it: its facts are not held. */
  awaited: boolean;
  acknowledge(): void;
  fail(error: unknown): void;
}

export interface RecordingSettings {
  /** Longest that the facts of an unfinished job wait for its end while few wait. */
  holdMs: number;
  onWritten: (rows: number, newestMs: number) => void;
}

/** What is ready is written at this interval: rows that are written together cost a fraction of single ones. */
const writeIntervalMs = 100;
/** Rows of one write. Larger ones cost no less a row, and keep the others waiting. */
const rowsPerWrite = 1_000;
/**
 * Updating a row costs the database four times what inserting it does, so a job should be written once, at its end. In
 * a flood, jobs wait for their turn to run: with more unfinished ones than this, they are held five times as long.
 */
const crowdRows = 1_000;
const crowdPatience = 5;
/** Rows held at most, about 1.5 KB each; the oldest beyond it are written before their time. */
const heldRowsMax = 30_000;
/** Rows that wait for the write under way at most: all of them take memory. */
const readyRowsMax = 2_000;
/** Deliveries open at most: half of what the broker gives out without an acknowledgement, so that it never stops giving. */
const openDeliveriesMax = 512;

/** A delivery and how many of its facts are not safe yet. */
interface OpenDelivery {
  delivery: Delivery;
  factsLeft: number;
  failure: { error: unknown } | null;
}

interface HeldRow {
  row: JobRow;
  since: number;
  deliveries: OpenDelivery[];
}

/**
 * Gathers the facts of events by job and writes them in groups. A row is `held` from its first fact on and becomes
 * `ready` when its job has ended, somebody waits to see it or its time is up; it leaves when it is written. A delivery
 * is acknowledged when all its facts are safe, and fails when one of them could not be written; joining it once more
 * does no harm.
 */
export class RecordJobEvents {
  private readonly held = new Map<string, HeldRow>();
  private ready = new Map<string, HeldRow>();
  private openDeliveries = 0;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly history: JobHistory,
    private readonly settings: RecordingSettings,
  ) {}

  /** Takes deliveries over. Resolves when there is room for more. */
  async take(deliveries: readonly Delivery[]): Promise<void> {
    const now = performance.now();
    for (const delivery of deliveries) this.add(delivery, now);
    this.schedule();
    while (this.isFull()) await this.write();
  }

  /** Writes everything that is held. Nothing may be taken afterwards. */
  async close(): Promise<void> {
    while (this.held.size + this.ready.size > 0 || this.writing) {
      this.release(Infinity);
      await this.write();
    }
    if (this.timer) clearTimeout(this.timer);
  }

  private add(delivery: Delivery, now: number): void {
    if (delivery.facts.length === 0) {
      delivery.acknowledge();
      return;
    }
    this.openDeliveries += 1;
    const open = { delivery, factsLeft: delivery.facts.length, failure: null };
    for (const fact of delivery.facts) this.join(fact, open, now);
  }

  private join(fact: JobRow, delivery: OpenDelivery, now: number): void {
    const id = fact.job_id;
    const ready = this.ready.get(id);
    const known = ready ?? this.held.get(id);
    if (!known) {
      const entry = { row: fact, since: now, deliveries: [delivery] };
      (mayWait(entry) ? this.held : this.ready).set(id, entry);
      return;
    }
    known.row = joinRows(known.row, fact);
    known.deliveries.push(delivery);
    if (!ready && !mayWait(known)) this.makeReady(id, known);
  }

  private isFull(): boolean {
    const { held, ready } = this;
    return ready.size > readyRowsMax || held.size + ready.size > heldRowsMax || this.openDeliveries > openDeliveriesMax;
  }

  /** A write's worth of rows waits for nothing more. */
  private schedule(): void {
    if (this.writing || this.held.size + this.ready.size === 0) return;
    if (this.ready.size >= rowsPerWrite) return inBackground('record-job-events', () => this.write());
    this.timer ??= after('record-job-events', writeIntervalMs, () => {
      this.timer = null;
      return this.write();
    });
  }

  /** One write at a time: while it runs, the next group gathers. */
  private write(): Promise<void> {
    this.writing ??= this.writeReady().finally(() => {
      this.writing = null;
      this.schedule();
    });
    return this.writing;
  }

  private async writeReady(): Promise<void> {
    this.release(this.openDeliveries > openDeliveriesMax ? Infinity : performance.now());
    const entries = [...this.ready.values()];
    this.ready = new Map();
    for (let from = 0; from < entries.length; from += rowsPerWrite) {
      await this.writeGroup(entries.slice(from, from + rowsPerWrite));
    }
  }

  /** Makes ready what has been held long enough by now, and the oldest of what is too much. Held rows are in order of age. */
  private release(now: number): void {
    for (const [id, entry] of this.held) {
      const holdMs = this.held.size > crowdRows ? this.settings.holdMs * crowdPatience : this.settings.holdMs;
      if (entry.since + holdMs > now && this.held.size <= heldRowsMax) return;
      this.makeReady(id, entry);
    }
  }

  private makeReady(id: string, entry: HeldRow): void {
    this.held.delete(id);
    this.ready.set(id, entry);
  }

  /** What the database refuses is its own delivery's concern and nobody else's, also where others are about the same job. */
  private async writeGroup(entries: readonly HeldRow[]): Promise<void> {
    const failed = await handleApart(entries, (group) => this.record(group));
    const failures = new Map<HeldRow, Map<OpenDelivery, { error: unknown }>>();
    for (const { item: entry, error } of failed) failures.set(entry, await this.failuresWithin(entry, error));
    for (const entry of entries) {
      for (const delivery of entry.deliveries) this.settle(delivery, failures.get(entry)?.get(delivery) ?? null);
    }
  }

  private async record(entries: readonly HeldRow[]): Promise<void> {
    await this.history.record(
      entries.map(({ row, deliveries }) => ({ row, repeated: deliveries.some(({ delivery }) => delivery.repeated) })),
    );
    this.settings.onWritten(entries.length, newestOf(entries));
  }

  /** The deliveries whose part of a row that could not be written cannot be written by itself either. */
  private async failuresWithin(entry: HeldRow, error: unknown): Promise<Map<OpenDelivery, { error: unknown }>> {
    if (entry.deliveries.length === 1 || willPass(error)) return new Map(entry.deliveries.map((open) => [open, { error }]));
    const failed = await handleApart(entry.deliveries, async (parts) => {
      const facts = parts.flatMap(({ delivery }) => delivery.facts.filter(({ job_id }) => job_id === entry.row.job_id));
      await this.history.record([{ row: facts.reduce(joinRows), repeated: true }]);
    });
    return new Map(failed.map(({ item, error: reason }) => [item, { error: reason }]));
  }

  private settle(open: OpenDelivery, failure: { error: unknown } | null): void {
    open.failure ??= failure;
    open.factsLeft -= 1;
    if (open.factsLeft > 0) return;
    this.openDeliveries -= 1;
    if (open.failure) open.delivery.fail(open.failure.error);
    else open.delivery.acknowledge();
  }
}

function mayWait({ row, deliveries }: HeldRow): boolean {
  return !hasEnded(row) && !deliveries.at(-1)?.delivery.awaited;
}

/** The time of the newest event that the rows were made of. */
function newestOf(entries: readonly HeldRow[]): number {
  let newest = 0;
  for (const { deliveries } of entries) {
    for (const { delivery } of deliveries) newest = Math.max(newest, delivery.time);
  }
  return newest;
}
