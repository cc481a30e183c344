import { every, inBackground } from '@kintsugi/boundary';
import type { EventInput, EventName } from '@kintsugi/contracts';
import type { EventPublisher } from '@kintsugi/messaging';

/** Most publications under way at once. */
const windowMax = 32;
const clearEveryMs = 250;

export interface PromisedEvent {
  id: string;
  name: EventName;
  at: number;
  /** What the event is about, for its `subject` attribute. */
  about: string;
  /** The document that promised it. */
  owner: { kind: 'chunk' | 'job'; id: string };
  /** Read when the event is published. */
  data: () => EventInput<EventName>;
}

export interface OutboxOwners {
  clearChunks: (chunkIds: readonly string[], eventIds: readonly string[]) => Promise<void>;
  clearJobs: (jobIds: readonly string[], eventIds: readonly string[]) => Promise<void>;
}

/**
 * Publishes the events that documents have promised, each until the broker has taken it, and then has the promises
 * removed in groups. What a crash left is promised again by the reconciler, under the same event id.
 */
export class OutboxRelay {
  private readonly waiting: PromisedEvent[] = [];
  private readonly pending = new Set<string>();
  private published: PromisedEvent[] = [];
  private active = 0;
  private clearing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly publisher: EventPublisher,
    private readonly owners: OutboxOwners,
    private readonly onFault: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = every('outbox-relay.clear', clearEveryMs, () => this.clear());
  }

  /** Stops after the removal of what was published; what was not is in the documents. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.stopped = true;
    this.waiting.length = 0;
    await this.clear();
  }

  /** Events that the broker has not taken yet, and promises not yet removed. */
  get size(): number {
    return this.pending.size;
  }

  publish(event: PromisedEvent): void {
    if (this.pending.has(event.id)) return;
    this.pending.add(event.id);
    this.waiting.push(event);
    this.fill();
  }

  private fill(): void {
    while (this.active < windowMax && this.waiting.length > 0) {
      const event = this.waiting.shift() as PromisedEvent;
      this.active += 1;
      inBackground('outbox-relay.send', () =>
        this.send(event).finally(() => {
          this.active -= 1;
          this.fill();
        }),
      );
    }
  }

  private async send(event: PromisedEvent): Promise<void> {
    const { id, name, about, at } = event;
    try {
      await this.publisher.publish({
        id,
        name,
        source: '/kintsugi/job-service',
        subject: about,
        time: new Date(at).toISOString(),
        data: event.data(),
      });
      this.published.push(event);
    } catch (error) {
      this.onFault(error);
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (!this.stopped) this.waiting.push(event);
    }
  }

  private async clear(): Promise<void> {
    await this.clearing;
    if (this.published.length === 0) return;
    const batch = this.published;
    this.published = [];
    this.clearing = this.remove(batch)
      .catch((error: unknown) => {
        this.onFault(error);
        this.published.push(...batch);
      })
      .finally(() => {
        this.clearing = null;
      });
    await this.clearing;
  }

  private async remove(batch: readonly PromisedEvent[]): Promise<void> {
    for (const [kind, clear] of [
      ['chunk', this.owners.clearChunks],
      ['job', this.owners.clearJobs],
    ] as const) {
      const events = batch.filter(({ owner }) => owner.kind === kind);
      if (events.length > 0) {
        await clear(
          [...new Set(events.map(({ owner }) => owner.id))],
          events.map(({ id }) => id),
        );
      }
    }
    for (const { id } of batch) this.pending.delete(id);
  }
}
