import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { Model } from 'mongoose';
import { Store, createByModel, durable, editByModel } from '@kintsugi/persistence';
import type { AlertCondition } from '../domain/alert-condition.js';

/** Conditions that one tenant may have. */
export const conditionsMax = 200;
/** Conditions of all tenants: all of them are looked at each time. */
const readMax = 2_000;

/** The conditions in MongoDB. People edit them by a model, which is loaded with the first edit: most installations have none. */
@Injectable()
export class AlertConditionStore {
  private readonly conditions: Collection<AlertCondition>;
  private model: Promise<Model<AlertCondition>> | null = null;

  constructor(private readonly store: Store) {
    this.conditions = store.collection<AlertCondition>('alert_conditions');
  }

  all(): Promise<AlertCondition[]> {
    return this.conditions.find().sort({ _id: 1 }).limit(readMax).toArray();
  }

  /** Those behind an id, in the order of their ids; of one tenant, or of all. */
  behind(id: string, tenant: string | null, limit: number): Promise<AlertCondition[]> {
    const filter = { _id: { $gt: id }, ...(tenant === null ? {} : { tenant }) };
    return this.conditions.find(filter).sort({ _id: 1 }).limit(limit).toArray();
  }

  find(id: string): Promise<AlertCondition | null> {
    return this.conditions.findOne({ _id: id });
  }

  /** Whether a tenant may have one more. */
  async hasRoom(tenant: string | null): Promise<boolean> {
    const [own, all] = await Promise.all([
      this.conditions.countDocuments({ tenant }, { limit: conditionsMax }),
      this.conditions.estimatedDocumentCount(),
    ]);
    return own < conditionsMax && all < readMax;
  }

  /** False where there is one of the same tenant and name. */
  async create(condition: AlertCondition): Promise<boolean> {
    return createByModel(await this.loadModel(), condition);
  }

  /** Edits it as it is then, through edits of others at the same time; null where there is none. */
  async edit(
    id: string,
    changes: (before: AlertCondition) => Partial<AlertCondition>,
    now: Date,
  ): Promise<AlertCondition | null> {
    return editByModel(await this.loadModel(), id, (before) => ({ ...changes(before), updated_at: now }));
  }

  async remove(id: string): Promise<boolean> {
    return (await this.conditions.deleteOne({ _id: id }, durable)).deletedCount > 0;
  }

  private loadModel(): Promise<Model<AlertCondition>> {
    this.model ??= import('./alert-condition-model.js').then(({ alertConditionModelOf }) => alertConditionModelOf(this.store));
    return this.model;
  }
}
