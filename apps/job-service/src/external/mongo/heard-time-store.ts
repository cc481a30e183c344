import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { Store } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';
import type { HeardTimes } from '../heard-times.js';

const service = 'job-service';

/** The heard time in MongoDB. What a crash takes of it only gives producers a little more time. */
@Injectable()
export class HeardTimeStore implements HeardTimes {
  private readonly times: Collection<{ _id: string; ms: number }>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.times = store.collection<{ _id: string; ms: number }>('heard_times');
  }

  async load(): Promise<number> {
    return (await this.times.findOne({ _id: service }))?.ms ?? 0;
  }

  async save(ms: number): Promise<void> {
    await this.leader.assertLeading();
    await this.times.updateOne({ _id: service }, { $max: { ms } }, { upsert: true, writeConcern: { w: 1, journal: false } });
  }
}
