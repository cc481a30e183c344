import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { endedTaskStates, taskStates, type TaskCounts, type TaskState } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { isUnreachable } from '@kintsugi/persistence';
import { BundleTotals, type BundleMoment } from './bundle-totals.js';
import { ChunkChanges, type WrittenChange } from './chunk-changes.js';
import { ChunkWriter } from './chunk-writer.js';

const ended = new Set<TaskState>(endedTaskStates);
const openStates = taskStates.filter((state) => !ended.has(state));

/** Of each queue, how many tasks are in each state that is no end. */
type OpenCounts = Map<string, TaskCounts>;

/**
 * How many tasks of jobs of one task are open: no ledger has them, and their bundles are too many to be read again and again. They are
 * counted from the record once, as of a moment in which nothing was being written, and from written changes since.
 */
@Injectable()
export class BundledTasks {
  private counts: OpenCounts = new Map();
  /** Since a moment that is being counted. */
  private since: OpenCounts | null = null;
  private changes = 0;
  /** Nothing was counted yet, or somebody else has written, which no change tells. */
  private isOff = true;

  constructor(
    private readonly totals: BundleTotals,
    private readonly writer: ChunkWriter,
    changes: ChunkChanges,
    private readonly faults: Faults,
  ) {
    changes.observe({
      written: (change) => this.count(change),
      conflicted: () => {
        this.isOff = true;
      },
    });
  }

  /** Once nothing has been written by this replica: whatever that writes counts from then on. Throws only while the record is away. */
  async start(): Promise<void> {
    try {
      const moment = await this.hold();
      if (moment) inBackground('bundled-tasks', () => this.read(moment));
    } catch (error) {
      if (isUnreachable(error)) throw error;
      this.faults.report(error);
    }
  }

  /** Counts anew from the record where that has to be, and can be: while something is being written it is left for the next time. */
  async recount(): Promise<void> {
    try {
      const moment = await this.hold();
      if (moment) await this.read(moment);
    } catch (error) {
      // Nothing else waits for these counts: they are off, and counted the next time.
      this.faults.report(error);
    }
  }

  /** A moment before which all is written that was told, and nothing else; null where there is none now, or none is wanted. */
  private async hold(): Promise<BundleMoment | null> {
    if (!this.mayCount) return null;
    const before = this.changes;
    const moment = await this.totals.hold();
    if (!this.mayCount || this.changes !== before) {
      await moment.end();
      return null;
    }
    this.isOff = false;
    this.since = new Map();
    return moment;
  }

  /** Of two counts at once, one would forget the changes since the other's moment. */
  private get mayCount(): boolean {
    return this.isOff && this.since === null && this.writer.isIdle;
  }

  private async read(moment: BundleMoment): Promise<void> {
    try {
      const counts: OpenCounts = new Map();
      for (const [queue, held] of await moment.read()) add(counts, queue, openOf(held));
      for (const [queue, change] of this.since ?? []) add(counts, queue, change);
      this.counts = counts;
    } catch (error) {
      this.isOff = true;
      throw error;
    } finally {
      this.since = null;
      await moment.end();
    }
  }

  /** By queue; a queue without any is left out. */
  get open(): ReadonlyMap<string, TaskCounts> {
    return this.counts;
  }

  private count({ chunk, known, sums }: WrittenChange): void {
    if (chunk.identity.jobId !== null) return;
    this.changes += 1;
    const change = openOf(sums.counts, known.counts);
    for (const counts of [this.counts, this.since]) if (counts) add(counts, chunk.identity.queue, change);
  }
}

/** What there is of tasks in states that are no end, over what there was before. */
function openOf(counts: TaskCounts, before: TaskCounts = {}): TaskCounts {
  const open: TaskCounts = {};
  for (const state of openStates) {
    const by = (counts[state] ?? 0) - (before[state] ?? 0);
    if (by !== 0) open[state] = by;
  }
  return open;
}

function add(counts: OpenCounts, queue: string, change: TaskCounts): void {
  const sums = counts.get(queue) ?? {};
  for (const [state, by] of Object.entries(change) as [TaskState, number][]) sums[state] = (sums[state] ?? 0) + by;
  if (openStates.some((state) => (sums[state] ?? 0) !== 0)) counts.set(queue, sums);
  else counts.delete(queue);
}
