import { encodeWork, subjects, type WorkerControl } from '@kintsugi/contracts';
import type { Bus } from '@kintsugi/messaging';
import type { LeasedSlice } from '../../tasks/domain/lease-tasks.js';

/** Speaks to single workers. What gets lost on the way is noticed by their inventories and sent again. */
export class WorkSender {
  constructor(private readonly bus: Bus) {}

  send(workerId: string, slice: LeasedSlice): void {
    this.bus.publish(subjects.work(workerId), encodeWork(slice.header, slice.lines));
  }

  control(workerId: string, control: WorkerControl): void {
    this.bus.publish(subjects.control(workerId), JSON.stringify(control));
  }

  /** Whether the worker's connection is there: a process that was killed has none. */
  async isConnected(workerId: string): Promise<boolean> {
    return this.bus.hasListener(subjects.control(workerId), 500);
  }
}
