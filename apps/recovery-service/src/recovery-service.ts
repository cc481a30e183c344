import type { ServiceDefinition } from '@kintsugi/hosting';
import { recoveryServiceSettings } from './recovery-service.config.js';
import { RecoveryServiceModule } from './recovery-service.module.js';
import { schema } from './recovery-service.schema.js';

export const recoveryService: ServiceDefinition<typeof recoveryServiceSettings> = {
  name: 'recovery-service',
  schema,
  audit: 'recovery',
  settings: recoveryServiceSettings,
  module: RecoveryServiceModule,
};
