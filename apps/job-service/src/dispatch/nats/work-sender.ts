import { Injectable } from '@nestjs/common';
import { encodeWork, isWorkerId, splitByBytes, subjects, type WorkerControl } from '@kintsugi/contracts';
import { Bus, isTooLarge } from '@kintsugi/messaging';
import type { Chunk } from '../../tasks/domain/chunk.js';
import type { LeasedSlice } from '../../tasks/domain/lease-tasks.js';

const answerTimeoutMs = 500;

/**
 * Speaks to single workers. What gets lost on the way is noticed by their inventories and sent again. A name that no worker
 * can have reaches nobody: a lease that the record holds under one is lost like that of any worker who is silent.
 */
@Injectable()
export class WorkSender {
  constructor(private readonly bus: Bus) {}

  /** False, and nothing sent, when the slice is more than a message can carry. */
  send(workerId: string, slice: LeasedSlice): boolean {
    if (!isWorkerId(workerId)) return true;
    try {
      this.bus.publish(subjects.work(workerId), encodeWork(slice.header, slice.lines));
      return true;
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      const { traceparents, ...header } = slice.header;
      // No task may fail for being traced.
      return traceparents !== undefined && this.send(workerId, { ...slice, header });
    }
  }

  control(workerId: string, control: WorkerControl): void {
    if (!isWorkerId(workerId)) return;
    for (const text of textsOf(control)) this.bus.publish(subjects.control(workerId), text);
  }

  /** Asks whoever holds these tasks to stop them. */
  stop(kind: 'cancel' | 'stop', chunk: Chunk, held: readonly number[]): void {
    for (const lease of chunk.state.leases) {
      const indexes = lease.indexes.filter((index) => held.includes(index));
      if (indexes.length > 0) this.control(lease.workerId, { kind, tasks: [[chunk.id, indexes]] });
    }
  }

  /** Whether the worker's connection is there: a process that was killed has none. */
  async isConnected(workerId: string): Promise<boolean> {
    return isWorkerId(workerId) && this.bus.hasListener(subjects.control(workerId), answerTimeoutMs);
  }

  /** Whether the worker is there and says so: the silence of somebody who listens to all subjects is no answer. */
  async answers(workerId: string): Promise<boolean> {
    if (!isWorkerId(workerId)) return false;
    return this.bus.ask(subjects.control(workerId), '', { timeoutMs: answerTimeoutMs }).then(
      () => true,
      () => false,
    );
  }
}

/** A worker may hold more leases than a message can name. */
function textsOf(control: WorkerControl): string[] {
  const parts =
    'tasks' in control
      ? splitByBytes(control.tasks, (tasks) => JSON.stringify({ ...control, tasks }))
      : splitByBytes(control.leases, (leases) => JSON.stringify({ ...control, leases }));
  return parts.map(({ text }) => text);
}
