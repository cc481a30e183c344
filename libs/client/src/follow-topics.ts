import type { EventName, Fleet, LiveJob } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { lastingEvents } from './lasting-events.js';
import { queryString } from './query-string.js';

export interface TopicOptions {
  /** Ends it; what was being waited for throws its reason. */
  signal?: AbortSignal;
  /** Milliseconds between two tellings of a job or the fleet. */
  intervalMs?: number;
  /** The id of the last event that is known already. */
  lastEventId?: string;
}

/** What is told of topics: `fleet`, `job:<id>`, and each event of `jobs` and `groups`. */
export type TopicEvent =
  | { event: 'fleet'; id: string; data: Fleet }
  | { event: `job:${string}`; id: string; data: LiveJob }
  /** Where the events of `jobs` and `groups` begin. */
  | { event: 'ready'; id: string; data: { topics: string[] } }
  /** Events are missing here. */
  | { event: 'gap'; id: string; data: { reason: 'slow' | 'gone' | 'stream_lost'; topics: string[]; dropped?: number } }
  /** A topic cannot be read for now, or any more. */
  | { event: 'unavailable'; id: string; data: { topic: string; code: string; detail: string } }
  | {
      event: EventName;
      id: string;
      data: { time: string; jobs?: Record<string, unknown>[]; groups?: Record<string, unknown>[] };
    };

/** Hears of topics over one connection, and over another when that is lost, for as long as it is asked. */
export async function* followTopics(
  api: ApiCaller,
  topics: readonly string[],
  { signal, intervalMs, lastEventId }: TopicOptions = {},
): AsyncGenerator<TopicEvent, void, undefined> {
  const path = `/v1/stream${queryString({ topics: topics.join(','), ...(intervalMs === undefined ? {} : { interval_ms: intervalMs }) })}`;
  for await (const event of lastingEvents(api, path, { lastEventId, signal })) {
    yield { ...event, data: JSON.parse(event.data) as unknown } as TopicEvent;
  }
}
