export { metricCatalogue, type MetricName } from './metric-catalogue.js';
export type { MetricDefinition } from './metric-definition.js';
export { Metrics } from './metrics.js';
export { createLogger, type Logger } from './logger.js';
export { NestLogger } from './nest-logger.js';
export { Health, type HealthCheck, type HealthReport } from './health.js';
