import { MongooseModule } from '@nestjs/mongoose';
import { Schema } from 'mongoose';
import { modelOptions } from '@kintsugi/persistence/models';

export interface StoredPoolPlace {
  /** The name of the pool. */
  _id: string;
  host: string;
  taken_by: { by: string; at: Date }[];
  /** By the last of them. */
  taken_at: Date;
}

export const poolPlaceModel = 'PoolPlace';

export const poolPlaceCollection = 'pool_places';

export const poolPlaceSchema = new Schema<StoredPoolPlace>(
  {
    _id: { type: String, required: true, immutable: true },
    host: { type: String, required: true },
    taken_by: { type: [{ _id: false, by: String, at: Date }], required: true },
    taken_at: { type: Date, required: true },
  },
  { ...modelOptions, collection: poolPlaceCollection },
);

export const poolPlaceModels = MongooseModule.forFeature([{ name: poolPlaceModel, schema: poolPlaceSchema }]);
