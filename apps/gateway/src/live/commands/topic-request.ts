import type { StreamTopic } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { EventPlace } from '../../events/domain/event-id.js';

/** What a client wants to be told, and who it is. */
export interface TopicRequest {
  topics: readonly StreamTopic[];
  /** Milliseconds between two tellings of what is told as it is now. */
  intervalMs: number;
  /** Where the last event stood that the client has seen, when it comes back. */
  lastSeen: EventPlace | null;
  /** Holds the place that the connection takes. */
  callerName: string;
  isStillAdmitted: () => Promise<boolean>;
  origin: Origin;
}

/** The topics of which each event is told once. */
export function eventTopicsOf({ topics }: Pick<TopicRequest, 'topics'>): string[] {
  return topics.map(({ kind }) => kind).filter((kind) => kind === 'jobs' || kind === 'groups');
}
