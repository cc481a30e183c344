import { Injectable } from '@nestjs/common';
import { soon } from '@kintsugi/boundary';
import { untilReachable } from '@kintsugi/persistence';
import type { KeptStep } from './kept-step.js';
import { StepRecord } from './step-record.js';

/** Most steps in one write, each of which may have 64 KiB, and most writes under way at once. */
const groupMax = 64;
const groupsMax = 3;

interface Waiting {
  step: KeptStep;
  done: () => void;
  fail: (error: unknown) => void;
}

/** Group commit of steps: what comes while as many writes are under way as may be at once goes into the next one. */
@Injectable()
export class StepWriter {
  private waiting: Waiting[] = [];
  private groups = 0;
  private scheduled = false;
  /** What waits or is being written. */
  private readonly unsettled = new Set<Promise<void>>();

  constructor(private readonly record: StepRecord) {}

  /** Resolves once the step is safe. */
  keep(step: KeptStep): Promise<void> {
    const kept = new Promise<void>((done, fail) => {
      this.waiting.push({ step, done, fail });
      this.schedule();
    });
    const forget = (): unknown => this.unsettled.delete(kept);
    this.unsettled.add(kept);
    kept.then(forget, forget);
    return kept;
  }

  /** Resolves once all has been written, or has failed, that waits or is being written by now. Whatever comes later is not waited for. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.unsettled);
  }

  private schedule(): void {
    if (this.scheduled || this.groups >= groupsMax) return;
    this.scheduled = true;
    soon('step-writer', () => {
      this.scheduled = false;
      return this.writeGroup();
    });
  }

  private async writeGroup(): Promise<void> {
    const group = this.waiting.splice(0, groupMax);
    if (group.length === 0) return;
    this.groups += 1;
    if (this.waiting.length > 0) this.schedule();
    try {
      await untilReachable(() => this.record.write(group.map(({ step }) => step)));
      for (const { done } of group) done();
    } catch (error) {
      for (const { fail } of group) fail(error);
    } finally {
      this.groups -= 1;
      if (this.waiting.length > 0) this.schedule();
    }
  }
}
