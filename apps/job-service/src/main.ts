import { runService } from '@kintsugi/hosting';
import { jobServiceSettings } from './job-service.config.js';
import { JobServiceModule } from './job-service.module.js';

await runService({
  name: 'job-service',
  database: 'jobs',
  settings: jobServiceSettings,
  module: (context) => JobServiceModule.with(context),
});
