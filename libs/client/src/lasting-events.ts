import { ProblemError } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { eventConnection } from './event-connection.js';
import type { ServerSentEvent } from './event-stream.js';
import { pause, spread } from './pause.js';

const reconnectMs = { first: 1_000, most: 15_000 };

export interface LastingOptions {
  lastEventId?: string | undefined;
  /** Ends it; what was being waited for throws its reason. */
  signal?: AbortSignal | undefined;
  /** How long to wait before coming back after a connection that has told something, by what the server asks for, in milliseconds. */
  delayAfter?: (askedMs: number | null) => number;
}

/**
 * Events over one connection, and over another from where it was lost, for as long as somebody wants them. Problems that trying again
 * cannot solve are thrown.
 */
export async function* lastingEvents(
  api: ApiCaller,
  path: string,
  { lastEventId: from = '', signal, delayAfter = (askedMs) => askedMs ?? reconnectMs.first }: LastingOptions,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let lastEventId = from;
  let delayMs = delayAfter(null);
  for (;;) {
    try {
      for await (const { event, retryMs } of eventConnection(api, path, lastEventId, signal)) {
        delayMs = delayAfter(retryMs);
        if (event.event === 'closing') break;
        lastEventId = event.id || lastEventId;
        yield event;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ProblemError) || !error.retryable) throw error;
      delayMs = Math.min(delayMs * 2, reconnectMs.most);
    }
    await pause(spread(delayMs), signal);
  }
}
