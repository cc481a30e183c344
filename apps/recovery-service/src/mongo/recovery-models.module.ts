import type { DynamicModule } from '@nestjs/common';
import { MongooseModule, getConnectionToken } from '@nestjs/mongoose';
import type { Store } from '@kintsugi/persistence';
import { modelsOf } from '@kintsugi/persistence/models';
import { manualRecoveryModel, manualRecoverySchema } from '../recoveries/mongo/manual-recovery.schema.js';
import { retryConfigModel, retryConfigSchema } from '../retries/mongo/retry-config.schema.js';

const models = MongooseModule.forFeature([
  { name: retryConfigModel, schema: retryConfigSchema },
  { name: manualRecoveryModel, schema: manualRecoverySchema },
]);

/** What people edit in recovery-service goes by models, on the connection of the store by which everything else goes. */
export class RecoveryModelsModule {
  static on(store: Store): DynamicModule {
    return {
      module: RecoveryModelsModule,
      global: true,
      imports: [models],
      providers: [{ provide: getConnectionToken(), useFactory: () => modelsOf(store) }],
      exports: [getConnectionToken(), models],
    };
  }
}
