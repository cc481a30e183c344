import type { ServiceDefinition } from '@kintsugi/hosting';
import { jobServiceSettings } from './job-service.config.js';
import { JobServiceModule } from './job-service.module.js';
import { schema } from './job-service.schema.js';

export const jobService: ServiceDefinition<typeof jobServiceSettings> = {
  name: 'job-service',
  schema,
  audit: 'job',
  settings: jobServiceSettings,
  module: JobServiceModule,
};
