import { Injectable } from '@nestjs/common';
import { isFinished, serviceActor } from '@kintsugi/contracts';
import { ownOrigin } from '@kintsugi/messaging';
import { JobHistory } from '../job-history/domain/job-history.js';
import { hasEnded } from '../job-history/domain/job-state.js';
import { LiveJobs } from '../job-history/queries/live-jobs.js';
import { jobIdOfKey, type LogSize } from '../task-logs/domain/log-block.js';
import { JobEnds } from './commands/sweep-logs.js';

const origin = ownOrigin(serviceActor('metrics-service'));

/** What the history knows of the jobs of a log, and job-service of those that the history does not know. */
@Injectable()
export class KnownJobEnds extends JobEnds {
  constructor(
    private readonly history: JobHistory,
    private readonly live: LiveJobs,
  ) {
    super();
  }

  override async areOver(log: string, { textBytes }: LogSize): Promise<boolean> {
    // The slash comes behind the dot, which follows the uuid in the ids of a bundle.
    const rows = new Map((await this.history.between(log, `${log}/`)).map((row) => [row.job_id, row]));
    for (const jobKey of Object.keys(textBytes)) {
      const jobId = jobIdOfKey(log, jobKey);
      const row = rows.get(jobId);
      const isOver = row?.head || row?.deleted ? hasEnded(row) || row.deleted !== undefined : await this.isOverLive(jobId);
      if (!isOver) return false;
    }
    return true;
  }

  private async isOverLive(jobId: string): Promise<boolean> {
    const live = await this.live.get(jobId, origin);
    return live.kind === 'missing' || (live.kind === 'found' && isFinished(live.job.status));
  }
}
