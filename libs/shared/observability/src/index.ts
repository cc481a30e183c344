export { metricCatalogue, type MetricDefinition, type MetricName } from './metric-catalogue.js';
export { Metrics } from './metrics.js';
export { createLogger, type Logger } from './logger.js';
export { NestLogger } from './nest-logger.js';
export { Health, type HealthCheck, type HealthReport } from './health.js';
