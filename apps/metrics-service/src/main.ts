import { runService } from '@kintsugi/hosting';
import { metricsServiceSettings } from './metrics-service.config.js';
import { MetricsServiceModule } from './metrics-service.module.js';

await runService({
  name: 'metrics-service',
  database: 'metrics',
  settings: metricsServiceSettings,
  module: (context) => MetricsServiceModule.with(context),
});
