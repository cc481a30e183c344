import { AwakeTime, ProblemError } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { EventStreamReader, type ServerSentEvent } from './event-stream.js';

/** The server says something every 15 seconds, or every 30 where it is set so; after this long the connection is taken for dead. */
const silenceMs = 45_000;
const lookEveryMs = 5_000;

export interface Received {
  event: ServerSentEvent;
  retryMs: number | null;
}

/** The events of one connection, until it ends or falls silent. */
export async function* eventConnection(
  api: ApiCaller,
  path: string,
  lastEventId: string,
  signal?: AbortSignal,
): AsyncGenerator<Received> {
  const silence = new AbortController();
  // In time in which this process was awake: after a pause, what was said meanwhile has yet to be read.
  const awake = new AwakeTime(2 * lookEveryMs);
  let heardAt = awake.now;
  const timer = setInterval(() => {
    if (awake.pass() - heardAt > silenceMs) silence.abort();
  }, lookEveryMs);
  try {
    const response = await api.send({
      path,
      headers: { accept: 'text/event-stream', ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      unlimited: true,
    });
    // Nothing more will come, and everything was told before.
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
