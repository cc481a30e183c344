import type { Model } from 'mongoose';
import type { Store } from '@kintsugi/persistence';
import { modelsOf } from '@kintsugi/persistence/models';
import type { Schedule } from '../domain/schedule.js';
import { scheduleSchema } from './schedule.schema.js';

export function scheduleModelOf(store: Store): Model<Schedule> {
  return modelsOf(store).model('Schedule', scheduleSchema) as unknown as Model<Schedule>;
}
