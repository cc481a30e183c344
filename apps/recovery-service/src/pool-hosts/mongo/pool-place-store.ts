import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '@kintsugi/persistence';
import { Clock } from '../../platform/clock.js';
import { placeKeptMs, type PoolPlaces } from '../pool-places.js';
import { poolPlaceCollection, poolPlaceModel, type StoredPoolPlace } from './pool-place.schema.js';

/** One that nobody asks for any more, and nobody has left: whoever took it was killed, or never heard what became of the pool. */
export const poolPlaceRetention = { collection: poolPlaceCollection, field: 'taken_at', days: placeKeptMs / 86_400_000 } as const;

/** The places of pools in MongoDB. */
@Injectable()
export class PoolPlaceStore implements PoolPlaces {
  constructor(
    @InjectModel(poolPlaceModel) private readonly places: Model<StoredPoolPlace>,
    private readonly clock: Clock,
  ) {}

  async take(pool: string, host: string, by: string): Promise<string> {
    const now = this.clock.now();
    // Whoever asks again must not keep the place for one who is gone.
    const isLasting = { $gt: ['$$taker.at', new Date(now - placeKeptMs)] };
    const takers = { $filter: { input: { $ifNull: ['$taken_by', []] }, as: 'taker', cond: isLasting } };
    const own = [{ by: { $literal: by }, at: new Date(now) }];
    const take = [
      { $set: { taken_by: takers } },
      { $set: { host: { $cond: [{ $eq: ['$taken_by', []] }, { $literal: host }, '$host'] } } },
      { $set: { taken_by: { $concatArrays: ['$taken_by', own] }, taken_at: new Date(now) } },
    ];
    const took = (): Promise<StoredPoolPlace> =>
      this.places
        .findOneAndUpdate({ _id: pool }, take, { upsert: true, returnDocument: 'after', updatePipeline: true })
        .lean<StoredPoolPlace>()
        .orFail();
    // Of two that make the record at once, the second finds it there.
    const place = await took().catch((error: unknown) => {
      if (isDuplicateKey(error)) return took();
      throw error;
    });
    return place.host;
  }

  async leave(pool: string, by: string): Promise<void> {
    await this.places.updateOne({ _id: pool }, { $pull: { taken_by: { by } } });
    await this.places.deleteOne({ _id: pool, taken_by: { $size: 0 } });
  }

  async forgetHost(host: string): Promise<void> {
    await this.places.deleteMany({ host });
  }
}
