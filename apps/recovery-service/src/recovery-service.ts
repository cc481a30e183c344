import type { ServiceDefinition } from '@kintsugi/hosting';
import { AuditEntries } from '@kintsugi/persistence/audit-entries';
import { recoveryServiceSettings } from './recovery-service.config.js';
import { RecoveryServiceModule } from './recovery-service.module.js';
import { schema } from './recovery-service.schema.js';

export const recoveryService: ServiceDefinition<typeof recoveryServiceSettings> = {
  name: 'recovery-service',
  schema,
  audit: { service: 'recovery', entriesOf: (store) => new AuditEntries(store) },
  settings: recoveryServiceSettings,
  module: RecoveryServiceModule,
};
