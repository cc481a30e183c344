import type { ServiceDefinition } from '@kintsugi/hosting';
import { metricsServiceSettings } from './metrics-service.config.js';
import { MetricsServiceModule } from './metrics-service.module.js';
import { schema } from './metrics-service.schema.js';

export const metricsService: ServiceDefinition<typeof metricsServiceSettings> = {
  name: 'metrics-service',
  schema,
  audit: 'metrics',
  settings: metricsServiceSettings,
  module: MetricsServiceModule,
};
