import { Injectable } from '@nestjs/common';
import { ProblemError, isFinished, limits, serviceActor, type JobReceipt } from '@kintsugi/contracts';
import { inSpan, tracing, type SpanStart } from '@kintsugi/tracing';
import { CancelJob } from '../control/commands/cancel-job.js';
import { JobDirectory } from '../directory/job-directory.js';
import { AcceptJob } from '../intake/commands/accept-job.js';
import { IncomingJobs } from '../intake/incoming-job.js';
import type { Schedule } from './domain/schedule.js';

/** Begins the key of a tick. No message and no caller can give one with control characters. */
const tickKeySpace = '\tschedule\t';

/** What schedules need of jobs: to make them, and to know and end the one before. */
@Injectable()
export class ScheduleJobs {
  constructor(
    private readonly incoming: IncomingJobs,
    private readonly acceptJob: AcceptJob,
    private readonly directory: JobDirectory,
    private readonly cancelJob: CancelJob,
  ) {}

  /**
   * The job of a tick, which one tick makes once, however often it is asked for.
   * @param occasion the tick, or what stands for one
   */
  make(schedule: Schedule, occasion: string): Promise<JobReceipt> {
    const tick = (): SpanStart => ({ name: 'tick', kind: 'internal', attributes: { 'kintsugi.schedule.id': schedule._id } });
    return inSpan(tracing()?.enter(undefined, tick), () => this.makeOf(schedule, occasion));
  }

  private async makeOf({ _id, name, tenant, user_id, job }: Schedule, occasion: string): Promise<JobReceipt> {
    const read = await this.incoming.read(Buffer.from(job), true);
    const labels = { ...read.head.labels, schedule: name };
    const head = Object.keys(labels).length > limits.labels ? read.head : { ...read.head, labels };
    const messageKey = `${tickKeySpace}${_id}\t${occasion}`;
    const by = { ...serviceActor(`schedule ${name}`), tenant };
    return this.acceptJob.create({ ...read, head }, { userId: user_id, tenant, by, messageKey });
  }

  /** When the job ended; null while it is under way, and 0 where it is not known any more. */
  async endOf(jobId: string): Promise<number | null> {
    const job = (await this.directory.open(jobId))?.view();
    if (!job) return 0;
    return isFinished(job.status) ? Date.parse(job.finished_at ?? job.created_at) : null;
  }

  async cancel(jobId: string, scheduleId: string): Promise<void> {
    try {
      await this.cancelJob.execute(jobId, { actor: serviceActor('job-service'), requestId: `schedule ${scheduleId}` });
    } catch (error) {
      // It has ended meanwhile, or is gone.
      if (!(error instanceof ProblemError) || !['STATE_CONFLICT', 'JOB_NOT_FOUND'].includes(error.code)) throw error;
    }
  }
}
