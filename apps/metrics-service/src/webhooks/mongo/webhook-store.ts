import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { Model } from 'mongoose';
import { Store, createByModel, durable, editByModel } from '@kintsugi/persistence';
import type { Webhook } from '../domain/webhook.js';

/** Webhooks that one tenant may have. */
export const webhooksMax = 200;
/** Webhooks of all tenants: all of them are in memory where there are any. */
const readMax = 5_000;

export type WebhookEdit = Partial<
  Pick<Webhook, 'url' | 'events' | 'format' | 'secret' | 'enabled' | 'disabled_reason' | 'failing_since'>
>;

/**
 * The webhooks in MongoDB. What people edit goes by a model, which is loaded with the first edit, since most installations have
 * no webhook; what became of messages goes by the driver.
 */
@Injectable()
export class WebhookStore {
  private readonly webhooks: Collection<Webhook>;
  private model: Promise<Model<Webhook>> | null = null;

  constructor(private readonly store: Store) {
    this.webhooks = store.collection<Webhook>('webhooks');
  }

  all(): Promise<Webhook[]> {
    return this.webhooks.find().sort({ _id: 1 }).limit(readMax).toArray();
  }

  /** Those that are told of something. */
  hearing(event: string): Promise<Webhook[]> {
    return this.webhooks.find({ enabled: true, events: event }).sort({ _id: 1 }).limit(readMax).toArray();
  }

  /** Those behind an id, in the order of their ids; of one tenant, or of all. */
  behind(id: string, tenant: string | null, limit: number): Promise<Webhook[]> {
    const filter = { _id: { $gt: id }, ...(tenant === null ? {} : { tenant }) };
    return this.webhooks.find(filter).sort({ _id: 1 }).limit(limit).toArray();
  }

  find(id: string): Promise<Webhook | null> {
    return this.webhooks.findOne({ _id: id });
  }

  /** Whether a tenant may have one more. */
  async hasRoom(tenant: string | null): Promise<boolean> {
    const [own, all] = await Promise.all([
      this.webhooks.countDocuments({ tenant }, { limit: webhooksMax }),
      this.webhooks.estimatedDocumentCount(),
    ]);
    return own < webhooksMax && all < readMax;
  }

  /** False where there is one of the same tenant and name. */
  async create(webhook: Webhook): Promise<boolean> {
    return createByModel(await this.loadModel(), webhook);
  }

  /** Edits it as it is then, through edits of others at the same time; null where there is none. */
  async edit(id: string, editOf: (before: Webhook) => WebhookEdit, now: number): Promise<Webhook | null> {
    return editByModel(await this.loadModel(), id, (before) => ({ ...editOf(before), updated_at: new Date(now) }));
  }

  async remove(id: string): Promise<boolean> {
    return (await this.webhooks.deleteOne({ _id: id }, durable)).deletedCount > 0;
  }

  async noteDelivered(id: string, now: number): Promise<void> {
    const taken = { failing_since: null, last_error: null, last_delivered_at: new Date(now) };
    await this.webhooks.updateOne({ _id: id }, { $set: taken, $inc: { delivered: 1 } });
  }

  /** Gives since when no message was taken. */
  async noteFailed(id: string, error: string, dead: number, now: number): Promise<Date> {
    await this.webhooks.updateOne({ _id: id, failing_since: null }, { $set: { failing_since: new Date(now) } });
    const after = await this.webhooks.findOneAndUpdate(
      { _id: id },
      { $set: { last_error: error }, $inc: { dead } },
      { returnDocument: 'after' },
    );
    return after?.failing_since ?? new Date(now);
  }

  /** A message that was not tried. */
  async noteGivenUp(id: string, reason: string): Promise<void> {
    await this.webhooks.updateOne({ _id: id }, { $set: { last_error: reason }, $inc: { dead: 1 } });
  }

  /** Because of failures, and not at somebody's word. */
  async disable(id: string, reason: string): Promise<void> {
    await this.webhooks.updateOne({ _id: id, enabled: true }, { $set: { enabled: false, disabled_reason: reason } }, durable);
  }

  private loadModel(): Promise<Model<Webhook>> {
    this.model ??= import('./webhook-model.js').then(({ webhookModelOf }) => webhookModelOf(this.store));
    return this.model;
  }
}
