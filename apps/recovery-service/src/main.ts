import { runService } from '@kintsugi/hosting';
import { recoveryServiceSettings } from './recovery-service.config.js';
import { RecoveryServiceModule } from './recovery-service.module.js';

await runService({
  name: 'recovery-service',
  database: 'recovery',
  settings: recoveryServiceSettings,
  module: (context) => RecoveryServiceModule.with(context),
});
