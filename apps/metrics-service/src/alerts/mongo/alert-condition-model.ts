import type { Model } from 'mongoose';
import type { Store } from '@kintsugi/persistence';
import { modelsOf } from '@kintsugi/persistence/models';
import type { AlertCondition } from '../domain/alert-condition.js';
import { alertConditionSchema } from './alert-condition.schema.js';

export function alertConditionModelOf(store: Store): Model<AlertCondition> {
  return modelsOf(store).model('AlertCondition', alertConditionSchema) as unknown as Model<AlertCondition>;
}
