import type { Model } from 'mongoose';
import type { Store } from '@kintsugi/persistence';
import { modelsOf } from '@kintsugi/persistence/models';
import type { Webhook } from '../domain/webhook.js';
import { webhookSchema } from './webhook.schema.js';

export function webhookModelOf(store: Store): Model<Webhook> {
  return modelsOf(store).model('Webhook', webhookSchema) as unknown as Model<Webhook>;
}
