import type { DynamicModule } from '@nestjs/common';
import type { ServiceContext } from '@kintsugi/hosting';
import { JobHistoryModule } from './job-history/job-history.module.js';
import type { metricsServiceSettings } from './metrics-service.config.js';

/** The service and its features. */
export class MetricsServiceModule {
  static with(context: ServiceContext<typeof metricsServiceSettings>): DynamicModule {
    return { module: MetricsServiceModule, imports: [JobHistoryModule.with(context)] };
  }
}
