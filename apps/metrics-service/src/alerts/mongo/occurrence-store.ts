import { Injectable } from '@nestjs/common';
import type { AlertSignalName } from '@kintsugi/contracts';
import type { Collection } from 'mongodb';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';
import type { Occurrence } from '../domain/occurrence.js';

const collection = 'alert_occurrences';
/** Twice as long as the longest window. */
const keptSeconds = 7_200;
/** More than these in one window are counted as these. */
const readMax = 10_000;

export const occurrenceIndexes: readonly IndexDefinition[] = [
  { collection, keys: { signal: 1, at: 1 }, options: { name: 'signal' } },
  { collection, keys: { at: 1 }, options: { name: 'expiry', expireAfterSeconds: keptSeconds } },
];

/** What events told that conditions count, in MongoDB. */
@Injectable()
export class OccurrenceStore {
  private readonly occurrences: Collection<Occurrence>;

  constructor(store: Store) {
    this.occurrences = store.collection<Occurrence>(collection);
  }

  async add(occurrences: readonly Occurrence[]): Promise<void> {
    const operations = occurrences.map(({ _id, ...rest }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
    }));
    if (operations.length > 0) await this.occurrences.bulkWrite(operations, { ordered: false, ...durable });
  }

  since(signal: AlertSignalName, time: Date, tenant: string | null): Promise<Occurrence[]> {
    const filter = { signal, at: { $gte: time }, ...(tenant === null ? {} : { tenant }) };
    return this.occurrences.find(filter).sort({ at: -1 }).limit(readMax).toArray();
  }
}
