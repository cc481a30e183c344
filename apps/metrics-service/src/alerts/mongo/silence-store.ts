import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';
import type { AlertSilence } from '../domain/alert.js';

const collection = 'alert_silences';
/** Silences of all tenants that are looked at. */
const readMax = 2_000;

export const silenceIndexes: readonly IndexDefinition[] = [
  { collection, keys: { until: 1 }, options: { name: 'expiry', expireAfterSeconds: 0 } },
];

/** Silences in MongoDB, until their time is up. Nobody edits one: it is made, and ends. */
@Injectable()
export class SilenceStore {
  private readonly silences: Collection<AlertSilence>;

  constructor(store: Store) {
    this.silences = store.collection<AlertSilence>(collection);
  }

  standing(now: Date): Promise<AlertSilence[]> {
    return this.silences
      .find({ until: { $gt: now } })
      .limit(readMax)
      .toArray();
  }

  behind(id: string, tenant: string | null, now: Date, limit: number): Promise<AlertSilence[]> {
    const filter = { _id: { $gt: id }, until: { $gt: now }, ...(tenant === null ? {} : { tenant }) };
    return this.silences.find(filter).sort({ _id: 1 }).limit(limit).toArray();
  }

  count(tenant: string | null, limit: number): Promise<number> {
    return this.silences.countDocuments({ tenant }, { limit });
  }

  async add(silence: AlertSilence): Promise<void> {
    await this.silences.insertOne(silence, durable);
  }

  async remove(id: string, tenant: string | null): Promise<boolean> {
    const filter = { _id: id, ...(tenant === null ? {} : { tenant }) };
    return (await this.silences.deleteOne(filter, durable)).deletedCount > 0;
  }
}
