import { MongooseModule } from '@nestjs/mongoose';
import { Schema } from 'mongoose';
import { modelOptions } from '@kintsugi/persistence/models';

export interface StoredPoolHost {
  /** Its name. */
  _id: string;
  pools: string[];
  heard_at: Date;
}

export const poolHostModel = 'PoolHost';

export const poolHostCollection = 'pool_hosts';

export const poolHostSchema = new Schema<StoredPoolHost>(
  {
    _id: { type: String, required: true, immutable: true },
    pools: { type: [String], required: true },
    heard_at: { type: Date, required: true },
  },
  { ...modelOptions, collection: poolHostCollection },
);

export const poolHostModels = MongooseModule.forFeature([{ name: poolHostModel, schema: poolHostSchema }]);
