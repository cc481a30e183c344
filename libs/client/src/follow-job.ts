import { ProblemError } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { eventConnection } from './event-connection.js';
import type { JobEvent } from './job-event.js';
import { pause, spread } from './pause.js';

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

/** Between two tries. */
export const reconnectMs = { first: 1_000, most: 15_000 };

/**
 * Follows a job through lost connections and restarts of the gateway: each event comes once, in order, or a `reset` says
 * that some cannot. Problems that trying again cannot solve are thrown.
 */
export async function* followJob(
  api: ApiCaller,
  jobId: string,
  options: FollowOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  const { signal, until = 'finished' } = options;
  const path = `/v1/jobs/${encodeURIComponent(jobId)}/events`;
  let lastEventId = options.lastEventId ?? '';
  let delayMs = reconnectMs.first;
  for (;;) {
    try {
      for await (const received of eventConnection(api, path, lastEventId, signal)) {
        delayMs = received.retryMs ?? reconnectMs.first;
        if (received.event.event === 'end') return;
        if (received.event.event === 'closing') break;
        lastEventId = received.event.id || lastEventId;
        const event = { ...received.event, data: JSON.parse(received.event.data) as unknown } as JobEvent;
        yield event;
        if (until === 'finished' && hasFinished(event)) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ProblemError) || !error.retryable) throw error;
      delayMs = Math.min(delayMs * 2, reconnectMs.most);
    }
    await pause(spread(delayMs), signal);
  }
}

function hasFinished(event: JobEvent): boolean {
  if (event.event === 'snapshot') return ['completed', 'failed', 'cancelled'].includes(event.data.status);
  return event.event === 'job.completed' || event.event === 'job.failed' || event.event === 'job.cancelled';
}
