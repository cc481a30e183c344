import { Injectable } from '@nestjs/common';
import { isFinished, type ActionRequest, type JobDeletions } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import { NewIds } from '../../platform/new-ids.js';
import { DeletionRounds } from '../deletion-rounds.js';
import { JobSearch } from '../job-search.js';

/** Deletes jobs that have ended and that a filter fits, some at a time, or says how many they are. */
@Injectable()
export class DeleteJobs {
  constructor(
    private readonly search: JobSearch,
    private readonly directory: JobDirectory,
    private readonly rounds: DeletionRounds,
    private readonly ids: NewIds,
  ) {}

  async execute(request: ActionRequest<'deleteJobs'>, origin: Origin): Promise<JobDeletions> {
    const { filter, limit, cursor } = request;
    if (request.dry_run) return { total: await this.search.count(filter, origin), deleting: 0, job_ids: [], next_cursor: null };
    const found = await this.search.page(filter, { limit, cursor }, origin);
    const jobIds = await this.endedOf(found.jobIds);
    if (jobIds.length > 0) {
      const { actor: requestedBy, requestId } = origin;
      const deletion = { id: `del_${this.ids.uuid()}`, jobIds, requestedBy, requestId, onlyEnded: true as const };
      await this.rounds.add(deletion);
      // Whoever goes on at once takes no more of the store than one batch does.
      await this.rounds.begin(deletion);
    }
    return { total: null, deleting: jobIds.length, job_ids: jobIds, next_cursor: found.cursor };
  }

  /** The history may be behind: a job that runs again stays. */
  private async endedOf(jobIds: readonly string[]): Promise<string[]> {
    const ended: string[] = [];
    for (const jobId of jobIds) {
      const job = await this.directory.open(jobId);
      if (job && isFinished(job.status)) ended.push(jobId);
    }
    return ended;
  }
}
