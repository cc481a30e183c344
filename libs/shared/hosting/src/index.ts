export { EXIT_CONFIG, SettingsError, numberSetting, readSettings, type Settings, type SettingsShape } from './settings.js';
export { sharedSettings, storeSettings } from './shared-settings.js';
export { answerFleet, readOrExit, runService, type ServiceContext, type ServiceDefinition } from './run-service.js';
export { requireMessageBytes, type MessageNeed } from './require-message-bytes.js';
export { onShutdown } from './shutdown.js';
export { FailedDeliveries, type FailedDelivery } from './failed-deliveries.js';
export { DeadLetterLog } from './dead-letter-log.js';
export { NatsStrategy, type NatsStrategyOptions } from './nats-strategy.js';
export { ProblemFilter } from './problem-filter.js';
