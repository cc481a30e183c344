import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { Faults } from '@kintsugi/hosting';
import { Deletions, type Deletion } from '../jobs/deletions.js';
import { CarryOutDeletion } from './carry-out-deletion.js';

/** Between two looks at what has not come to its end. */
const roundMs = 1_000;
const againMs = 100;
const pageSize = 100;

/** Carries out what was asked to be deleted until all of it has gone: also what a replica before this one has begun. */
@Injectable()
export class DeletionRounds {
  private readonly underWay = new Map<string, Promise<boolean>>();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isStopped = false;
  /** Whether something is left to look at again. */
  private isAsked = false;

  constructor(
    private readonly deletions: Deletions,
    private readonly carryOut: CarryOutDeletion,
    private readonly faults: Faults,
  ) {}

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running?.catch(() => undefined);
    await Promise.all(this.underWay.values());
  }

  /** Writes down what is to be deleted: from then on it goes, whatever breaks. */
  async add(deletion: Deletion): Promise<void> {
    // The answer of the store may be lost, and what it has written is to go all the same.
    this.schedule(roundMs);
    await this.deletions.add(deletion);
  }

  /** Begins with what was written down. Resolves with whether all of it has gone; what has not goes later, by itself. */
  async begin(deletion: Deletion): Promise<boolean> {
    if (await this.run(deletion)) return true;
    this.schedule(roundMs);
    // A job that waited only has ended by then.
    await delay(againMs);
    return !this.isStopped && this.run(deletion);
  }

  private schedule(inMs: number): void {
    this.isAsked = true;
    if (this.timer || this.isStopped) return;
    this.timer = after('deletion-rounds', inMs, async () => {
      this.isAsked = false;
      this.running = this.round();
      await this.running.catch((error: unknown) => {
        this.isAsked = true;
        this.faults.report(error);
      });
      this.timer = null;
      // Where nothing is left nobody looks again until something is asked for.
      if (this.isAsked) this.schedule(roundMs);
    });
  }

  /** Goes through all that has not come to its end, once. */
  private async round(): Promise<void> {
    let last = '';
    for (;;) {
      const page = await this.deletions.unfinished(last, pageSize);
      for (const deletion of page) if (!this.isStopped && !(await this.run(deletion))) this.isAsked = true;
      if (page.length < pageSize || this.isStopped) return;
      last = page.at(-1)?.id ?? last;
    }
  }

  private run(deletion: Deletion): Promise<boolean> {
    let running = this.underWay.get(deletion.id);
    if (!running) {
      running = this.carryOut
        .execute(deletion)
        .catch((error: unknown) => {
          this.faults.report(error);
          return false;
        })
        .finally(() => this.underWay.delete(deletion.id));
      this.underWay.set(deletion.id, running);
    }
    return running;
  }
}
