import { runService } from '@kintsugi/hosting';
import { recoverySettings } from './recovery-service.config.js';
import { recoveryServiceModule } from './recovery-service.module.js';

await runService({
  name: 'recovery-service',
  database: 'recovery',
  settings: recoverySettings,
  module: recoveryServiceModule,
});
