import { Injectable } from '@nestjs/common';
import { after, inBackground, soon } from '@kintsugi/boundary';
import type { EventInput, EventName } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { EventPublisher } from '@kintsugi/messaging';

/** Most publications under way at once. */
const windowMax = 32;
const clearAfterMs = 250;

type OwnerKind = 'chunk' | 'job' | 'wedge';

export interface PromisedEvent {
  id: string;
  name: EventName;
  at: number;
  /** What the event is about, for its `subject` attribute. */
  about: string;
  /** The document that promised it. */
  owner: { kind: OwnerKind; id: string };
  /** Read when the event is published. */
  data: () => EventInput<EventName>;
  /** The trace in which it happened. */
  traceparent?: string | undefined;
}

/** Removes promises that were kept from the documents that made them. */
export type ClearOutbox = (ownerIds: readonly string[], eventIds: readonly string[]) => Promise<void>;

/**
 * Publishes the events that documents have promised, each until the broker has taken it, and then has the promises
 * removed in groups. What a crash left is promised again by the reconciler, that of wedges by their watch, under the same
 * event id.
 */
@Injectable()
export class OutboxRelay {
  private readonly clearers = new Map<OwnerKind, ClearOutbox>();
  private readonly waiting: PromisedEvent[] = [];
  private readonly pending = new Set<string>();
  private published: PromisedEvent[] = [];
  private active = 0;
  private clearing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private started = false;
  private stopped = false;

  constructor(
    private readonly publisher: EventPublisher,
    private readonly faults: Faults,
  ) {}

  /** Says how promises are removed from documents of a kind. */
  clearWith(kind: OwnerKind, clear: ClearOutbox): void {
    this.clearers.set(kind, clear);
  }

  start(): void {
    this.started = true;
    this.clearSoon();
  }

  /** Stops after the removal of what was published; what was not is in the documents. */
  async stop(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
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
    // Answers and work that follow from the same write go first: somebody waits for them.
    if (this.waiting.push(event) === 1) soon('outbox-relay.fill', () => this.fill());
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
    const { id, name, about, at, traceparent } = event;
    try {
      await this.publisher.publish({
        id,
        name,
        source: '/kintsugi/job-service',
        subject: about,
        time: new Date(at).toISOString(),
        data: event.data(),
        traceparent,
      });
      this.published.push(event);
      this.clearSoon();
    } catch (error) {
      this.faults.report(error);
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (!this.stopped) this.waiting.push(event);
    }
  }

  /** Nobody is woken while nothing was published. */
  private clearSoon(): void {
    if (!this.started || this.stopped || this.published.length === 0) return;
    this.timer ??= after('outbox-relay.clear', clearAfterMs, () => {
      this.timer = null;
      return this.clear();
    });
  }

  private async clear(): Promise<void> {
    await this.clearing;
    if (this.published.length === 0) return;
    const batch = this.published;
    this.published = [];
    this.clearing = this.remove(batch)
      .catch((error: unknown) => {
        this.faults.report(error);
        this.published.push(...batch);
        this.clearSoon();
      })
      .finally(() => {
        this.clearing = null;
      });
    await this.clearing;
  }

  private async remove(batch: readonly PromisedEvent[]): Promise<void> {
    for (const [kind, clear] of this.clearers) {
      const events = batch.filter(({ owner }) => owner.kind === kind);
      if (events.length === 0) continue;
      await clear(
        [...new Set(events.map(({ owner }) => owner.id))],
        events.map(({ id }) => id),
      );
    }
    for (const { id } of batch) this.pending.delete(id);
  }
}
