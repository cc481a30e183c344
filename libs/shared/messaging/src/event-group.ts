import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type Consumer,
  type ConsumerMessages,
  type JsMsg,
} from '@nats-io/jetstream';
import { every, inBackground } from '@kintsugi/boundary';
import {
  eventCatalogue,
  eventNameOf,
  readEventHeaders,
  subjects,
  validate,
  type EventName,
  type StreamName,
} from '@kintsugi/contracts';
import type { Bus } from './bus.js';
import { withReadableHeaders } from './guard-connection.js';
import { WakeablePause } from './wakeable-pause.js';

export interface GroupedEvent {
  name: EventName;
  id: string;
  time: string;
  data: unknown;
}

export interface EventGroupSettings {
  /** Letters, digits, dashes and underscores: all processes of one name share the events between them. */
  name: string;
  events: readonly EventName[];
  /** An event whose handling fails comes again later, and others go on meanwhile. */
  onEvent: (event: GroupedEvent) => Promise<void>;
  onError: (error: unknown) => void;
}

const stream: StreamName = 'EVENTS';
/** Keeps the groups of users apart from the readers of the platform. */
const namePrefix = 'group-';
const nanosecondsPerMs = 1_000_000;
const ackWaitMs = 15_000;
const fetchExpiresMs = 30_000;
const heartbeatMs = 2_000;
const pauseMs = 1_000;
const redeliveryMsMax = 60_000;

/**
 * Reads events as one of a group, of which each event goes to one: also what happened while none of them was there, for as
 * long as the stream keeps it. One event at a time is under way, and it comes again where its handler did not get to its end.
 */
export class EventGroup {
  private fetching: ConsumerMessages | null = null;
  private reading: Promise<void> | null = null;
  private stopped = false;
  private readonly pause = new WakeablePause(pauseMs);
  private stopWatching: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    private readonly settings: EventGroupSettings,
  ) {}

  start(): void {
    // The broker forgets a fetch when the connection is cut, and the client would take half a minute to ask again.
    this.stopWatching = this.bus.onState(() => {
      this.fetching?.stop();
      this.pause.wake();
    });
    this.reading = this.read();
    inBackground('event-group.read', () => this.reading);
  }

  /** Has the broker keep what happens from now on. */
  async prepare(): Promise<void> {
    await this.open();
  }

  /** Has the broker forget the group, and what it kept for it. */
  async remove(): Promise<void> {
    const name = namePrefix + this.settings.name;
    const manager = await this.bus.manager();
    await manager.consumers.delete(stream, name).catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError && error.code === Number(JetStreamApiCodes.ConsumerNotFound))) throw error;
    });
  }

  /** Lets the event under way come to its end. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopWatching();
    this.fetching?.stop();
    this.pause.wake();
    await this.reading;
  }

  private async read(): Promise<void> {
    let consumer: Consumer | null = null;
    while (!this.stopped) {
      try {
        if (this.bus.state === 'down') await this.pause.take();
        else await this.readOne((consumer ??= await this.open()));
      } catch (error) {
        consumer = null;
        if (this.stopped) return;
        this.settings.onError(error);
        await this.pause.take();
      }
    }
  }

  private async open(): Promise<Consumer> {
    const name = namePrefix + this.settings.name;
    const manager = await this.bus.manager();
    await manager.consumers.add(stream, {
      durable_name: name,
      filter_subjects: this.settings.events.map((event) => subjects.event(event)),
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.New,
      ack_wait: ackWaitMs * nanosecondsPerMs,
      max_deliver: -1,
    });
    return this.bus.js.consumers.get(stream, name);
  }

  private async readOne(consumer: Consumer): Promise<void> {
    this.fetching = await consumer.fetch({ max_messages: 1, expires: fetchExpiresMs, idle_heartbeat: heartbeatMs });
    if (this.stopped) this.fetching.stop();
    try {
      for await (const message of this.fetching) await this.handle(withReadableHeaders(message));
    } finally {
      this.fetching = null;
    }
  }

  private async handle(message: JsMsg): Promise<void> {
    const event = this.received(message);
    if (!event) return message.term();
    const keeping = every('event-group.keep', ackWaitMs / 3, () => message.working());
    try {
      await this.settings.onEvent(event);
      message.ack();
    } catch (error) {
      message.nak(Math.min(redeliveryMsMax, pauseMs * 2 ** (message.info.deliveryCount - 1)));
      this.settings.onError(error);
    } finally {
      clearInterval(keeping);
    }
  }

  /** Null for what this version does not know, and for what is no event: to be told of it again would change nothing. */
  private received(message: JsMsg): GroupedEvent | null {
    try {
      const attributes = readEventHeaders((header) => message.headers?.get(header) ?? '');
      const name = attributes && eventNameOf(attributes.type);
      if (!name) return null;
      const data: unknown = message.json();
      validate(eventCatalogue[name].data, data, 'data');
      return { name, id: attributes.id, time: attributes.time, data };
    } catch (error) {
      this.settings.onError(error);
      return null;
    }
  }
}
