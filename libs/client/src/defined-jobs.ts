import { limits, type JobDefinition, type JobReceipt, type TaskPage } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { queryString } from './query-string.js';
import { readResults, type TaskResult } from './read-results.js';
import { submitJob, type JobOfDefinition, type TasksOf } from './submit-job.js';
import type { SubmitOptions } from './submit-tasks.js';

/** What a client does by a definition. */
export function definedJobs(api: ApiCaller) {
  return {
    /**
     * Submits a job of a definition, whose payloads are checked before anything is accepted; without tasks, the plan handler
     * of its type makes them. A list goes in one request where it fits, anything else goes up while it is being made.
     */
    submit: <Definition extends JobDefinition>(
      definition: Definition,
      job: JobOfDefinition,
      tasks?: TasksOf<Definition>,
      options: SubmitOptions = {},
    ): Promise<JobReceipt> => submitJob(api, definition, job, tasks, options),

    /** The results of the tasks that have succeeded, as the definition reads them. */
    results: <Definition extends JobDefinition>(
      definition: Definition,
      jobId: string,
    ): AsyncGenerator<TaskResult<Definition>, void, undefined> => {
      const path = `/v1/jobs/${encodeURIComponent(jobId)}/tasks`;
      const query = { state: 'succeeded', limit: limits.pageSize };
      return readResults((cursor) => api.json<TaskPage>({ path: path + queryString({ ...query, cursor }) }), definition);
    },
  };
}
