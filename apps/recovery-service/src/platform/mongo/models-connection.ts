import { getConnectionToken } from '@nestjs/mongoose';
import { Store } from '@kintsugi/persistence';
import { modelsOf } from '@kintsugi/persistence/models';

/** What people edit goes by models, on the connection of the store by which everything else goes. */
export const modelsConnection = {
  provide: getConnectionToken(),
  inject: [Store],
  useFactory: (store: Store) => modelsOf(store),
};
