export { Bus, type BusOptions, type BusState } from './bus.js';
export { PROBLEM_HEADER, headersOf } from './message-headers.js';
export { HearingClock } from './hearing-clock.js';
export { applyTopology, isNotMadeYet } from './topology.js';
export { RollCall, askAll, type AskAllOptions } from './ask-all.js';
export { EventReader, eventStreamExtent, isStillThere, type EventStreamExtent, type ReceivedEvent } from './event-reader.js';
export { consumerBacklogs, type ConsumerBacklog } from './consumer-backlogs.js';
export { EventGroup, type EventGroupSettings, type GroupedEvent } from './event-group.js';
export { EventPublisher, type OutgoingEvent } from './event-publisher.js';
export { CommandPublisher, type OutgoingCommand } from './command-publisher.js';
export { natsAddressOf } from './nats-address.js';
export { natsLogin, type NatsLogin, type NatsTls } from './nats-login.js';
export { startPulse } from './pulse.js';
export { messageIdOf, placeOf } from './message-place.js';
export { DurableConsumer, type ConsumerSettings } from './durable-consumer.js';
export { NobodyThereError, callAction, callActionWith, type CallOptions } from './action-client.js';
export {
  readRequest,
  replyWithProblem,
  replyWithResult,
  respond,
  toProblemError,
  type FaultContext,
  type FaultListener,
} from './service-host.js';
export { actorOf, originHeaders, originOf, ownOrigin, textOf, type Origin } from './origin.js';
export { spanOfMessage, spanOfMessages } from './traced-messages.js';
export { inHalves } from './in-halves.js';
export { isTooLarge } from './too-large.js';
export { ContractPipe } from './contract-pipe.js';
export type { Msg, Subscription } from '@nats-io/nats-core';
export type { JsMsg } from '@nats-io/jetstream';
