import type { Lane } from '../../domain/task-payload.js';
import type { LaneStarts, ProducerCalls, WorkerCalls } from '../../process/load-messages.js';
import { LoadProcess } from '../../process/load-process.js';
import type { Submission, SystemUnderTest } from '../../system/system-under-test.js';
import { perSecond } from '../bulk.js';
import { workerConcurrency, type Contender } from '../contender.js';
import { until } from '../until.js';

/** A worker that counts how many tasks of each lane it has started, and who submits them. */
export class CountedWork {
  private constructor(
    readonly system: SystemUnderTest,
    readonly producer: LoadProcess<ProducerCalls>,
    readonly worker: LoadProcess<WorkerCalls>,
  ) {}

  static async open({ system, producer }: Contender): Promise<CountedWork> {
    const load = { system: system.name, address: system.address, profile: 'tuned' as const, concurrency: workerConcurrency };
    return new CountedWork(
      system,
      producer,
      await LoadProcess.startWorker({ ...load, lanes: ['backlog', 'urgent', 'slow'], holds: false }),
    );
  }

  close(): Promise<void> {
    return this.worker.stop();
  }

  /** Begins a new count. */
  async reset(count = 0): Promise<void> {
    await this.worker.call('expect', { count });
  }

  submit(lane: Lane, count: number): Promise<Submission> {
    return this.producer.call('bulk', { lane, count });
  }

  /** Tasks that were started in a second, from the first until so many were. */
  async rateOf(lane: Lane, count: number): Promise<number> {
    const { started, firstMs, lastMs } = await this.started(lane, count);
    return perSecond(started - 1, lastMs - firstMs);
  }

  async started(lane: Lane, count: number): Promise<LaneStarts> {
    return until(`${count} tasks of ${lane} have started`, async () => {
      const { starts } = await this.worker.call('tally', {});
      const seen = starts[lane];
      return seen && seen.started >= count ? seen : null;
    });
  }

  async ended(lane: Lane, submission: Submission): Promise<void> {
    await until('all have ended', async () => {
      const { unfinished } = await this.system.recordedOf(lane, submission);
      return unfinished === 0 ? true : null;
    });
  }
}
