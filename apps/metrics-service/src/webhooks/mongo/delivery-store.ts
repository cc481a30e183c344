import { Injectable } from '@nestjs/common';
import type { ClientSession, Collection, Filter, UpdateFilter } from 'mongodb';
import { Store, behindOf, durable, type IndexDefinition, type ListPlace } from '@kintsugi/persistence';
import { ownedIdOf } from '../domain/owned.js';

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
  /** How often it was sent again after it had been given up, and when last. */
  revivals?: number;
  revived_at?: Date;
}

export interface DeadDeliveryQuery {
  /** Only those of this tenant's webhooks; null: all. */
  tenant: string | null;
  /** Only what stands behind this. */
  behind: ListPlace | undefined;
  limit: number;
}

/** A message without what it says: a list of large ones would not fit into memory. */
export interface ListedDelivery extends Omit<Delivery, 'body'> {
  body_bytes: number;
}

/** Few of all messages are dead, and only those are listed. */
const ofDead = { partialFilterExpression: { dead_at: { $exists: true } } };

export const deliveryIndexes: readonly IndexDefinition[] = [
  { collection, keys: { state: 1, next_at: 1 }, options: { name: 'due' } },
  { collection, keys: { webhook_id: 1, state: 1, next_at: 1 }, options: { name: 'webhook' } },
  { collection, keys: { dead_at: 1 }, options: { name: 'expiry', expireAfterSeconds: keptDeadSeconds } },
  { collection, keys: { dead_at: -1, _id: 1 }, options: { name: 'newest_dead', ...ofDead } },
  { collection, keys: { webhook_id: 1, dead_at: -1, _id: 1 }, options: { name: 'newest_dead_of_webhook', ...ofDead } },
];

const listedStages = [{ $set: { body_bytes: { $strLenBytes: '$body' } } }, { $unset: 'body' }];

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

  /** Those that were given up, the newest first. */
  newestDead({ tenant, behind, limit }: DeadDeliveryQuery): Promise<ListedDelivery[]> {
    const filter: Filter<Delivery> = {
      ...(behind ? behindOf<Delivery>('dead_at', behind) : { dead_at: { $exists: true } }),
      ...(tenant === null ? {} : { webhook_id: { $gt: ownedIdOf({ tenant }, ''), $lt: `${ownedIdOf({ tenant }, '')}\uFFFF` } }),
    };
    const stages = [{ $match: filter }, { $sort: { dead_at: -1, _id: 1 } }, { $limit: limit }, ...listedStages];
    return this.deliveries.aggregate<ListedDelivery>(stages).toArray();
  }

  find(id: string): Promise<Delivery | null> {
    return this.deliveries.findOne({ _id: id });
  }

  /** False for one that is not dead, which stays as it is. */
  async revive(id: string, now: number): Promise<boolean> {
    return (await this.deliveries.updateOne({ _id: id, state: 'dead' }, revival(now), durable)).modifiedCount > 0;
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
    return (await this.deliveries.updateMany({ webhook_id: webhookId, state: 'dead' }, revival(now), durable)).modifiedCount;
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

function revival(now: number): UpdateFilter<Delivery> {
  return {
    $set: { state: 'waiting', attempts: 0, next_at: new Date(now), revived_at: new Date(now) },
    $inc: { revivals: 1 },
    $unset: { dead_at: true },
  };
}
