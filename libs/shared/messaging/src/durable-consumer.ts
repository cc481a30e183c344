import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { every, inBackground, noteEscaped } from '@kintsugi/boundary';
import { consumers, type ConsumerName } from '@kintsugi/contracts';
import type { Bus } from './bus.js';
import { withReadableHeaders } from './guard-connection.js';
import { applyTopology } from './topology.js';
import { WakeablePause } from './wakeable-pause.js';

export interface ConsumerSettings {
  /**
   * Called with what has arrived since the last call; a message is acknowledged once the call has resolved. What the
   * handler takes out of the array it settles by itself, within seconds: it acknowledges it when it is done with it, or has
   * it come again.
   */
  onBatch: (batch: JsMsg[]) => Promise<void>;
  onError: (error: unknown) => void;
  /** Bytes of messages that wait or are being handled; nothing is fetched that would exceed it, but for one message larger than all of it. */
  heldBytesMax?: number;
}

interface UnsettledMessage {
  message: JsMsg;
  /** Until when it is counted on to be settled, once its handler has taken it over. */
  keptUntil: number;
}

interface WaitingMessage {
  message: JsMsg;
  bytes: number;
}

const mebibyte = 1024 ** 2;
const heldBytesDefault = 32 * mebibyte;
const batchMax = 256;
/** Of a batch with more than one message: its handler holds each several times over while it reads it. */
const batchBytesMax = 8 * mebibyte;
const retryDelayMs = 1_000;
/** What a handler has taken over and not settled by then, it has lost: it comes again. */
const takenMsMax = 12_000;
/** As many as the broker gives out at most without an acknowledgement: what it may have copied meanwhile. */
const acknowledgedMax = 4_096;
const fetchExpiresMs = 30_000;
const heartbeatMs = 2_000;
const nanosecondsPerMs = 1_000_000;

/**
 * Reads a durable consumer in batches and survives everything that can happen to it: while the broker is away it
 * waits, and a stream or consumer that is gone is made again. It fetches no more than it has room for, asks the broker not
 * to deliver again what is not settled, and drops the copies that come all the same after a pause of this process. What is
 * left of a batch whose handling fails is delivered again, all of it and for as long as it fails: a handler that can tell
 * its messages apart settles each by itself.
 */
export class DurableConsumer {
  private readonly heldBytesMax: number;
  private readonly waiting: WaitingMessage[] = [];
  /** By its sequence, what was delivered and is not settled, whoever has it now. */
  private readonly unsettled = new Map<number, UnsettledMessage>();
  /** By its sequence, when the broker stored what was acknowledged last. */
  private readonly acknowledged = new Map<number, bigint>();
  private heldBytes = 0;
  private consumer: Consumer | null = null;
  private fetching: ConsumerMessages | null = null;
  private handling: Promise<void> | null = null;
  private keepTimer: NodeJS.Timeout | null = null;
  private ackWaitMs: number;
  private readonly pause = new WakeablePause(retryDelayMs);
  private stopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly name: ConsumerName,
    private readonly settings: ConsumerSettings,
  ) {
    this.heldBytesMax = settings.heldBytesMax ?? heldBytesDefault;
    this.ackWaitMs = consumers[name].ackWaitSeconds * 1_000;
  }

  async start(): Promise<void> {
    // The broker forgets a fetch when the connection is cut, and the client would take half a minute to ask again.
    this.bus.onState(() => {
      this.fetching?.stop();
      this.pause.wake();
    });
    await this.open();
    inBackground('durable-consumer.read', () => this.read());
  }

  /** Stops fetching and lets the batch under way finish; what waits goes to the next reader at once. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.fetching?.stop();
    this.pause.wake();
    for (const { message } of this.waiting.splice(0)) this.giveBack(message);
    await this.handling;
    this.keepNoLonger();
  }

  private async open(): Promise<void> {
    try {
      this.consumer = await this.bus.js.consumers.get(consumers[this.name].stream, this.name);
      const { config } = await this.consumer.info(true);
      this.ackWaitMs = config.ack_wait === undefined ? this.ackWaitMs : config.ack_wait / nanosecondsPerMs;
      this.keepNoLonger();
      if (this.unsettled.size > 0 && !this.stopped) this.keepUnsettled();
    } catch (error) {
      if (this.stopped) return;
      this.settings.onError(error);
      await applyTopology(this.bus).catch(() => undefined);
    }
  }

  private async read(): Promise<void> {
    let single = false;
    while (!this.stopped) {
      try {
        if (this.bus.state === 'down' || this.heldBytes > this.heldBytesMax / 2) await this.pause.take();
        else if (this.consumer) single = await this.fetch(this.consumer, single);
        else {
          await this.pause.take();
          if (this.bus.state === 'up' && !this.stopped) await this.open();
        }
      } catch (error) {
        noteEscaped('durable-consumer.read', error);
        this.consumer = null;
      }
    }
  }

  /** Takes what comes until there is no more room, or a fetch's worth has come. True when the next message did not fit: it is to be fetched by itself. */
  private async fetch(consumer: Consumer, single: boolean): Promise<boolean> {
    const bound = single ? { max_messages: 1 } : { max_bytes: this.heldBytesMax - this.heldBytes };
    let taken = 0;
    try {
      this.fetching = await consumer.fetch({ ...bound, expires: fetchExpiresMs, idle_heartbeat: heartbeatMs });
      if (this.stopped) this.fetching.stop();
      for await (const message of this.fetching) {
        this.take(withReadableHeaders(message));
        taken += 1;
      }
      return false;
    } catch (error) {
      // A fetch ends with an error also where it is merely full.
      if (taken > 0 || this.stopped) return false;
      if (!single && (error as { code?: unknown }).code === 409) return true;
      this.settings.onError(error);
      this.consumer = null;
      return false;
    } finally {
      this.fetching = null;
    }
  }

  private take(message: JsMsg): void {
    if (!isDelivery(message)) return;
    if (this.stopped) return this.giveBack(message);
    if (this.isCopy(message)) return;
    this.noteAcknowledgement(message);
    this.unsettled.set(message.seq, { message, keptUntil: Infinity });
    this.keepUnsettled();
    const bytes = bytesOf(message);
    this.heldBytes += bytes;
    this.waiting.push({ message, bytes });
    if (this.handling) return;
    this.handling = this.handleAll();
    inBackground('durable-consumer.handle', () => this.handling);
  }

  /** Settling the first one settles it; one whose acknowledgement crossed with it, or was lost, is acknowledged again. */
  private isCopy(message: JsMsg): boolean {
    const held = this.unsettled.get(message.seq)?.message;
    if (held && !isSettled(held) && held.timestampNanos === message.timestampNanos) return true;
    if (this.acknowledged.get(message.seq) !== message.timestampNanos) return false;
    message.ack();
    return true;
  }

  private noteAcknowledgement(message: JsMsg): void {
    const { seq, timestampNanos } = message;
    const acknowledge = message.ack.bind(message);
    message.ack = () => {
      acknowledge();
      this.acknowledged.set(seq, timestampNanos);
      const [oldest] = this.acknowledged.keys();
      if (this.acknowledged.size > acknowledgedMax && oldest !== undefined) this.acknowledged.delete(oldest);
    };
  }

  private giveBack(message: JsMsg): void {
    if (!this.bus.connection.isClosed()) message.nak();
  }

  private async handleAll(): Promise<void> {
    // One turn of the event loop lets the messages that arrived together be handled together.
    await new Promise(setImmediate);
    while (this.waiting.length > 0 && !this.stopped) {
      const { batch, bytes } = this.nextBatch();
      const handed = [...batch];
      await this.handle(batch).catch((error: unknown) => noteEscaped('durable-consumer.handle', error));
      for (const message of handed) this.noteHandled(message);
      this.heldBytes -= bytes;
      this.pause.wake();
    }
    this.handling = null;
  }

  private async handle(batch: JsMsg[]): Promise<void> {
    try {
      await this.settings.onBatch(batch);
      for (const message of batch) message.ack();
    } catch (error) {
      this.settings.onError(error);
      for (const message of batch) message.nak(retryDelayMs);
    }
  }

  private noteHandled(message: JsMsg): void {
    if (isSettled(message)) this.unsettled.delete(message.seq);
    else this.unsettled.set(message.seq, { message, keptUntil: performance.now() + takenMsMax });
  }

  private nextBatch(): { batch: JsMsg[]; bytes: number } {
    let [count, total] = [0, 0];
    for (const { bytes } of this.waiting) {
      if (count === batchMax || (count > 0 && total + bytes > batchBytesMax)) break;
      count += 1;
      total += bytes;
    }
    return { batch: this.waiting.splice(0, count).map(({ message }) => message), bytes: total };
  }

  /** Tells the broker now and then, while there is any, that what is not settled is not lost, so that it does not deliver copies of it. */
  private keepUnsettled(): void {
    this.keepTimer ??= every('durable-consumer.keep', this.ackWaitMs / 3, () => {
      for (const [sequence, { message, keptUntil }] of this.unsettled) {
        if (isSettled(message) || keptUntil < performance.now()) this.unsettled.delete(sequence);
        else if (this.bus.state === 'up') message.working();
      }
      if (this.unsettled.size === 0) this.keepNoLonger();
    });
  }

  private keepNoLonger(): void {
    if (this.keepTimer) clearInterval(this.keepTimer);
    this.keepTimer = null;
  }
}

/** Whether the broker has delivered a message for an acknowledgement; anybody can send one to an inbox. */
function isDelivery(message: JsMsg): boolean {
  try {
    return message.info.streamSequence > 0;
  } catch (error) {
    noteEscaped('durable-consumer.forged', error);
    return false;
  }
}

/** The client library knows, and tells it by no type. */
function isSettled(message: JsMsg): boolean {
  return (message as JsMsg & { didAck: boolean }).didAck;
}

function bytesOf({ subject, data, headers }: JsMsg): number {
  let bytes = subject.length + data.length;
  for (const [name, values] of headers ?? []) for (const value of values) bytes += name.length + value.length;
  return bytes;
}
