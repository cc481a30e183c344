import type { ActionInput, LogLine, LogPage } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { lastingEvents } from './lasting-events.js';
import { queryString } from './query-string.js';

/** Which lines of a log are wanted. */
export type LogQuery = Omit<ActionInput<'readJobLog'>, 'job_id'>;

export interface FollowLogOptions {
  /** Ends the following; what was being waited for throws its reason. */
  signal?: AbortSignal;
}

const reconnectMs = 500;

/** What tasks have written: to be read, followed and downloaded. */
export function jobLogs(api: ApiCaller) {
  return {
    /** A page of lines; give its `next_cursor` to read on. */
    readLog: (jobId: string, query: LogQuery = {}): Promise<LogPage> => api.json({ path: pathOf(jobId, query) }),

    /** The lines that there are and those that come, until the job is over; through lost connections and restarts of the gateway. */
    followLog: (jobId: string, query: LogQuery = {}, options: FollowLogOptions = {}) => followLog(api, jobId, query, options),

    /** The log of a job, or of one of its tasks, as a stream of text. */
    downloadLog: async (jobId: string, taskId?: string): Promise<ReadableStream<Uint8Array>> => {
      const query = taskId === undefined ? '' : queryString({ task_id: taskId });
      const { body } = await api.send({ path: `/logs/download/${encodeURIComponent(jobId)}${query}`, unlimited: true });
      return body ?? new Blob([]).stream();
    },
  };
}

function pathOf(jobId: string, query: LogQuery & { follow?: string }): string {
  return `/v1/jobs/${encodeURIComponent(jobId)}/logs${queryString(query)}`;
}

async function* followLog(
  api: ApiCaller,
  jobId: string,
  query: LogQuery,
  { signal }: FollowLogOptions,
): AsyncGenerator<LogLine[], void, undefined> {
  const path = pathOf(jobId, { ...query, follow: 'true' });
  for await (const { event, data } of lastingEvents(api, path, { signal, delayAfter: () => reconnectMs })) {
    if (event === 'end') return;
    if (event === 'lines') yield JSON.parse(data) as LogLine[];
  }
}
