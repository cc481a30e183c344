export { EXIT_CONFIG, SettingsError, numberSetting, readSettings, type Settings, type SettingsShape } from './settings.js';
export { accessSettings, payloadSettings, sharedSettings, storeSettings } from './shared-settings.js';
export { natsLoginOf } from './nats-login-of.js';
export {
  createService,
  type Service,
  type ServiceContext,
  type ServiceDefinition,
  type ServiceInputs,
  type ServiceSettings,
} from './create-service.js';
export { runService } from './run-service.js';
export { HTTP_DOOR, LOGGER, SETTINGS } from './service-tokens.js';
export { Faults } from './faults.js';
export { type HttpDoor } from './http/http-door.js';
export { answerFleet } from './answer-fleet.js';
export { FigureRollCall, understood, type ProcessFigures } from './ask-fleet.js';
export { SelfReport } from './self-report.js';
export { OpsPort } from './http/ops-port.js';
export { headerBytesMax, problemOfConnection, problemText, refuseExpectation } from './http/connection-problems.js';
export { isLoopbackHost } from './http/loopback-host.js';
export { listenFault } from './http/listen-fault.js';
export { problemAnswer } from './http/problem-answer.js';
export { requestIdHeader, requestIdOf } from './http/request-id.js';
export { requireMessageBytes, type MessageNeed } from './require-message-bytes.js';
export { faultLog, logEscapedFaults } from './fault-log.js';
export { guardProcess } from './guard-process.js';
export { onShutdown } from './shutdown.js';
export { FailedDeliveries, failedDeliveries, isRefusal, type FailedDelivery } from './failed-deliveries.js';
export { DeadLetterLog } from './dead-letter-log.js';
export { DeadLetterSource, DeadLetters, shownPayload, type DeadLetterSearch } from './dead-letters/dead-letters.js';
export { KeptDeadLetters } from './dead-letters/kept-dead-letters.js';
export { deadLettersControllerOf } from './dead-letters/nats/dead-letters.controller.js';
export type { ReplayedMessage } from './dead-letters/replayed-message.js';
export { NatsStrategy, type NatsStrategyOptions } from './nats-strategy.js';
export { Acts } from './acts.js';
export { TheOrigin } from './the-origin.js';
export { ProblemFilter } from './problem-filter.js';
export { TasksDigest } from './tasks-digest.js';
export { OrderedThread } from './threads/ordered-thread.js';
export { Turns, atOnce, atOnceBytesMax } from './turns.js';
export { AuditedCalls, type AuditedCall } from './audit/audited-calls.js';
