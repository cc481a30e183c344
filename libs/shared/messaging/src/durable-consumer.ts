import { JetStreamApiCodes, JetStreamApiError, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { consumers, type ConsumerName } from '@kintsugi/contracts';
import type { Bus } from './bus.js';
import { applyTopology } from './topology.js';

export interface ConsumerSettings {
  /**
   * Called with what has arrived since the last call; a message is acknowledged once the call has resolved. What the
   * handler takes out of the array it settles by itself: it acknowledges it when it is done with it, or has it come again.
   */
  onBatch: (batch: JsMsg[]) => Promise<void>;
  onError: (error: unknown) => void;
  batchMax?: number;
}

const goneCodes: number[] = [JetStreamApiCodes.ConsumerNotFound, JetStreamApiCodes.StreamNotFound];
const retryDelayMs = 1_000;
const watchIntervalMs = 5_000;

/**
 * Reads a durable consumer in batches and survives everything that can happen to it: while the broker is away it
 * waits, and a stream or consumer that is gone is made again. What is left of a batch whose handling fails is delivered
 * again, all of it and for as long as it fails: a handler that can tell its messages apart settles each by itself.
 */
export class DurableConsumer {
  private readonly waiting: JsMsg[] = [];
  private messages: ConsumerMessages | null = null;
  private handling: Promise<void> | null = null;
  /** When the broker made the consumer that `messages` reads: another time is another consumer. */
  private createdAt: string | null = null;
  private watchTimer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly name: ConsumerName,
    private readonly settings: ConsumerSettings,
  ) {}

  async start(): Promise<void> {
    await this.open();
    this.watchLater();
  }

  /** Stops fetching, lets the batch under way finish; what waits is delivered to the next reader. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.watchTimer) clearTimeout(this.watchTimer);
    this.messages?.stop();
    this.waiting.length = 0;
    await this.handling;
  }

  private async open(): Promise<void> {
    this.messages?.stop();
    this.messages = null;
    try {
      const { stream } = consumers[this.name];
      const consumer = await this.bus.js.consumers.get(stream, this.name);
      const { created } = await consumer.info(true);
      const messages = await consumer.consume({
        max_messages: 512,
        idle_heartbeat: 5_000,
        callback: (message) => this.take(message),
      });
      [this.messages, this.createdAt] = [messages, created];
      if (this.stopped) messages.stop();
    } catch (error) {
      this.settings.onError(error);
      await applyTopology(this.bus).catch(() => undefined);
    }
  }

  private take(message: JsMsg): void {
    this.waiting.push(message);
    this.handling ??= this.handleAll().finally(() => {
      this.handling = null;
    });
  }

  private async handleAll(): Promise<void> {
    // One turn of the event loop lets the messages that arrived together be handled together.
    await new Promise(setImmediate);
    while (this.waiting.length > 0 && !this.stopped) {
      const batch = this.waiting.splice(0, this.settings.batchMax ?? 256);
      try {
        await this.settings.onBatch(batch);
        for (const message of batch) message.ack();
      } catch (error) {
        this.settings.onError(error);
        for (const message of batch) message.nak(retryDelayMs);
      }
    }
  }

  private watchLater(): void {
    if (this.stopped) return;
    this.watchTimer = setTimeout(() => void this.watch(), this.messages ? watchIntervalMs : retryDelayMs);
  }

  /**
   * Opens what could not be opened, or is gone. A consumer that was made anew looks like the one before and is not:
   * the client waits on the old one for ever.
   */
  private async watch(): Promise<void> {
    if (this.bus.state === 'up' && !(this.messages && (await this.isSame())) && !this.stopped) await this.open();
    this.watchLater();
  }

  private async isSame(): Promise<boolean> {
    try {
      const manager = await this.bus.manager();
      const { created } = await manager.consumers.info(consumers[this.name].stream, this.name);
      return created === this.createdAt;
    } catch (error) {
      this.settings.onError(error);
      // A broker that does not answer says nothing about the consumer.
      return !(error instanceof JetStreamApiError && goneCodes.includes(error.code));
    }
  }
}
