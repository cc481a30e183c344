import { eventFrame } from '../../events/domain/event-frame.js';

/** An event that is told once, ready to be sent. */
export interface OnceFrame {
  sequence: number;
  /** Its id, by which a client that comes back says what it knows. */
  id: string;
  topic: string;
  frame: string;
}

/** Characters of events that may wait for one client. */
const waitingLengthMax = 256 * 1024;

/**
 * What waits for a client that reads more slowly than it is told. Of what is told again and again only the newest waits;
 * of what is told once as much as there is room for, and beyond that it is dropped and a `gap` says so.
 */
export class SlowReader {
  private readonly newest = new Map<string, string>();
  private once: OnceFrame[] = [];
  private length = 0;
  private gap: { dropped: number; from: string; to: string; topics: Set<string> } | null = null;

  keepNewest(topic: string, frame: string): void {
    this.newest.set(topic, frame);
  }

  keepOnce(event: OnceFrame): void {
    if (this.length + event.frame.length <= waitingLengthMax && !this.gap) {
      this.once.push(event);
      this.length += event.frame.length;
      return;
    }
    this.gap ??= { dropped: 0, from: event.id, to: event.id, topics: new Set() };
    this.gap.dropped += 1;
    this.gap.to = event.id;
    this.gap.topics.add(event.topic);
  }

  /** What is sent next, and is not kept any more; null where nothing waits. */
  next(): { frame: string; sequence: number | null } | null {
    const event = this.once.shift();
    if (event) {
      this.length -= event.frame.length;
      return event;
    }
    if (this.gap) {
      const { dropped, from, to, topics } = this.gap;
      this.gap = null;
      const data = { reason: 'slow', dropped, from_id: from, to_id: to, topics: [...topics] };
      // The id is that of the last one dropped: who comes back after this is not told of them again.
      return { frame: eventFrame({ event: 'gap', id: to, data }), sequence: null };
    }
    const [topic, frame] = [...this.newest][0] ?? [];
    if (topic === undefined || frame === undefined) return null;
    this.newest.delete(topic);
    return { frame, sequence: null };
  }
}
