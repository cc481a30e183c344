import type { ApiCaller } from './api-caller.js';
import type { JobEvent } from './job-event.js';
import { lastingEvents } from './lasting-events.js';

export interface FollowOptions {
  /** Ends the following; what was being waited for throws its reason. */
  signal?: AbortSignal;
  /** The id of the last event that is known already: only what came after it is told. */
  lastEventId?: string;
  /**
   * When to stop. `finished`: when the job has ended in any way. `over`: when nothing can happen any more; a failed job is
   * followed on, since it may recover.
   */
  until?: 'finished' | 'over';
}

/**
 * Follows a job through lost connections and restarts of the gateway: each event comes once, in order, or a `reset` says
 * that some cannot. Problems that trying again cannot solve are thrown.
 */
export async function* followJob(
  api: ApiCaller,
  jobId: string,
  options: FollowOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  const { lastEventId, signal, until = 'finished' } = options;
  const path = `/v1/jobs/${encodeURIComponent(jobId)}/events`;
  for await (const received of lastingEvents(api, path, { lastEventId, signal })) {
    if (received.event === 'end') return;
    const event = { ...received, data: JSON.parse(received.data) as unknown } as JobEvent;
    yield event;
    if (until === 'finished' && hasFinished(event)) return;
  }
}

function hasFinished(event: JobEvent): boolean {
  if (event.event === 'snapshot') return ['completed', 'failed', 'cancelled'].includes(event.data.status);
  return event.event === 'job.completed' || event.event === 'job.failed' || event.event === 'job.cancelled';
}
