import { AwakeTime, ProblemError, problemCatalogue } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { EventStreamReader, type ServerSentEvent } from './event-stream.js';
import type { JobEvent } from './job-event.js';
import { pause } from './pause.js';

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

/** The server says something every 15 seconds, or every 30 where it is set so; after this long the connection is taken for dead. */
const silenceMs = 45_000;
const lookEveryMs = 5_000;
const reconnectMs = { first: 1_000, most: 15_000 };

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
  let lastEventId = options.lastEventId ?? '';
  let delayMs = reconnectMs.first;
  for (;;) {
    try {
      for await (const received of connection(api, jobId, lastEventId, signal)) {
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
      if (!(error instanceof ProblemError) || !problemCatalogue[error.code].retryable) throw error;
      delayMs = Math.min(delayMs * 2, reconnectMs.most);
    }
    await pause(delayMs, signal);
  }
}

function hasFinished(event: JobEvent): boolean {
  if (event.event === 'snapshot') return ['completed', 'failed', 'cancelled'].includes(event.data.status);
  return event.event === 'job.completed' || event.event === 'job.failed' || event.event === 'job.cancelled';
}

interface Received {
  event: ServerSentEvent;
  retryMs: number | null;
}

/** The events of one connection, until it ends or falls silent. */
async function* connection(api: ApiCaller, jobId: string, lastEventId: string, signal?: AbortSignal): AsyncGenerator<Received> {
  const silence = new AbortController();
  // In time in which this process was awake: after a pause, what was said meanwhile has yet to be read.
  const awake = new AwakeTime(2 * lookEveryMs);
  let heardAt = awake.now;
  const timer = setInterval(() => {
    if (awake.pass() - heardAt > silenceMs) silence.abort();
  }, lookEveryMs);
  try {
    const response = await api.send({
      path: `/v1/jobs/${encodeURIComponent(jobId)}/events`,
      headers: { accept: 'text/event-stream', ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      unlimited: true,
    });
    // The job is over, and everything was told before.
    if (response.status === 204) yield { event: { event: 'end', id: '', data: '' }, retryMs: null };
    const reader = new EventStreamReader();
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      heardAt = awake.now;
      for (const event of reader.push(decoder.decode(bytes as Uint8Array, { stream: true }))) {
        yield { event, retryMs: reader.retryMs };
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('SERVICE_UNAVAILABLE', 'The connection to the events was lost.');
  } finally {
    clearInterval(timer);
    silence.abort();
  }
}
