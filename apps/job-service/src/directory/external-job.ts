import type { BatchJob, JobStatus } from '@kintsugi/contracts';
import type { ExternalJobs, Outcome } from '../external/external-jobs.js';
import { viewJob } from '../jobs/domain/job-view.js';
import type { ExternalJobRecord } from '../jobs/domain/job.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import type { Asked } from '../tasks/domain/pause-moves.js';
import type { AskedMove, JobHandle } from './job-handle.js';

/** A job that somebody else runs. It has no tasks: a move is written, and its producer is told. */
export class ExternalJob implements JobHandle {
  constructor(
    private readonly record: ExternalJobRecord,
    private readonly jobs: ExternalJobs,
  ) {}

  get id(): string {
    return this.record._id;
  }

  get status(): JobStatus {
    return this.record.status;
  }

  get traceparent(): string | undefined {
    return this.record.traceparent;
  }

  view(): BatchJob {
    return viewJob(this.record);
  }

  async apply(move: AskedMove, { by }: Asked): Promise<boolean> {
    switch (move) {
      case 'cancel':
        return this.cancel(by);
      case 'pause':
        return this.ask('paused', by);
      case 'resume': {
        if (this.status !== 'paused') return false;
        return this.ask(this.record.started_at === null ? 'pending' : 'running', by);
      }
    }
  }

  async prioritise(priority: number, by: string): Promise<boolean> {
    const outcome = await this.jobs.request(this.id, { priority, by, isAsked: true });
    return outcome?.kind === 'changed';
  }

  /** One that its producer has never reported on ends at once: there is nothing to stop. */
  private async cancel(by: string): Promise<boolean> {
    const outcome = await this.request('cancelling', by);
    if (outcome?.kind !== 'changed' && outcome?.kind !== 'same') return false;
    if (outcome.job.external.reported_at === null) await this.request('cancelled', by);
    return true;
  }

  private async ask(to: JobStatus, by: string): Promise<boolean> {
    return (await this.request(to, by))?.kind === 'changed';
  }

  private request(to: JobStatus, by: string): Promise<Outcome | null> {
    return this.jobs.request(this.id, { to, by, isAsked: true });
  }

  async chunks(): Promise<Chunk[]> {
    return [];
  }

  placesIn(): { from: number; to: number } {
    return { from: 0, to: 0 };
  }
}
