import { Injectable } from '@nestjs/common';
import type { ClientSession, Collection } from 'mongodb';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';

const keptDeadSeconds = 30 * 24 * 3_600;
const collection = 'webhook_deliveries';

/** A transaction that messages belong to. */
export type Transaction = ClientSession;

/** A message that was not taken yet, or was given up. */
export interface Delivery {
  /** The webhook and the event: an event that comes twice is one message. */
  _id: string;
  webhook_id: string;
  event: string;
  body: string;
  state: 'waiting' | 'dead';
  attempts: number;
  next_at: Date;
  last_error: string | null;
  created_at: Date;
  dead_at?: Date;
}

export const deliveryIndexes: readonly IndexDefinition[] = [
  { collection, keys: { state: 1, next_at: 1 }, options: { name: 'due' } },
  { collection, keys: { webhook_id: 1, state: 1, next_at: 1 }, options: { name: 'webhook' } },
  { collection, keys: { dead_at: 1 }, options: { name: 'expiry', expireAfterSeconds: keptDeadSeconds } },
];

/** Messages to webhooks, in MongoDB, until they are taken. */
@Injectable()
export class DeliveryStore {
  private readonly deliveries: Collection<Delivery>;

  constructor(store: Store) {
    this.deliveries = store.collection<Delivery>(collection);
  }

  async add(deliveries: readonly Delivery[], session?: Transaction): Promise<void> {
    const operations = deliveries.map(({ _id, ...rest }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
    }));
    if (operations.length === 0) return;
    await this.deliveries.bulkWrite(operations, session ? { session } : { ordered: false, ...durable });
  }

  /** Webhooks for which something is due. */
  async dueWebhooks(now: number): Promise<string[]> {
    return this.deliveries.distinct('webhook_id', { state: 'waiting', next_at: { $lte: new Date(now) } });
  }

  due(webhookId: string, now: number, limit: number): Promise<Delivery[]> {
    const filter = { webhook_id: webhookId, state: 'waiting' as const, next_at: { $lte: new Date(now) } };
    return this.deliveries.find(filter).sort({ next_at: 1 }).limit(limit).toArray();
  }

  /** How many wait for a webhook, counted up to a bound. */
  waiting(webhookId: string, most: number): Promise<number> {
    return this.deliveries.countDocuments({ webhook_id: webhookId, state: 'waiting' }, { limit: most });
  }

  async remove(id: string): Promise<void> {
    await this.deliveries.deleteOne({ _id: id });
  }

  async removeAllOf(webhookId: string): Promise<void> {
    await this.deliveries.deleteMany({ webhook_id: webhookId });
  }

  async putOff(id: string, attempts: number, error: string, nextAt: number): Promise<void> {
    const change = { attempts, last_error: error, next_at: new Date(nextAt) };
    await this.deliveries.updateOne({ _id: id, state: 'waiting' }, { $set: change });
  }

  async giveUp(id: string, attempts: number, error: string, now: number): Promise<void> {
    const change = { attempts, last_error: error, state: 'dead' as const, dead_at: new Date(now) };
    await this.deliveries.updateOne({ _id: id }, { $set: change });
  }

  /** Gives how many there were. */
  async giveUpAllOf(webhookId: string, now: number): Promise<number> {
    const filter = { webhook_id: webhookId, state: 'waiting' as const };
    return (await this.deliveries.updateMany(filter, { $set: { state: 'dead', dead_at: new Date(now) } })).modifiedCount;
  }

  async reviveAllOf(webhookId: string, now: number): Promise<number> {
    const change = {
      $set: { state: 'waiting' as const, attempts: 0, next_at: new Date(now) },
      $unset: { dead_at: true as const },
    };
    return (await this.deliveries.updateMany({ webhook_id: webhookId, state: 'dead' }, change, durable)).modifiedCount;
  }

  /** In the order of their ids, behind one. */
  behind(webhookId: string, id: string, limit: number): Promise<Delivery[]> {
    return this.deliveries
      .find({ webhook_id: webhookId, _id: { $gt: id } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  }
}
