import { Injectable } from '@nestjs/common';
import type { AlertView, IncidentRecovery } from '@kintsugi/contracts';
import type { ClientSession, Collection, Filter } from 'mongodb';
import { Store, durable, isDuplicateKey, type IndexDefinition } from '@kintsugi/persistence';
import type { Alert } from '../domain/alert.js';

export const alertCollection = 'alerts';
/** More can be open only where thousands of conditions are: the rest waits for its turn. */
const openMax = 20_000;

export const alertIndexes: readonly IndexDefinition[] = [
  {
    collection: alertCollection,
    keys: { open_key: 1 },
    options: { name: 'open', unique: true, partialFilterExpression: { open_key: { $exists: true } } },
  },
  { collection: alertCollection, keys: { state: 1, since: -1, _id: -1 }, options: { name: 'state' } },
];

export interface AlertFilter {
  states: readonly AlertView['state'][];
  tenant: string | null;
  name: string | undefined;
  /** Only those behind this place. */
  after: { since: Date; id: string } | null;
}

/** Alerts in MongoDB, those that are open and, for a while, those that were. */
@Injectable()
export class AlertStore {
  private readonly alerts: Collection<Alert>;

  constructor(private readonly store: Store) {
    this.alerts = store.collection<Alert>(alertCollection);
  }

  /** Those of conditions that are open. */
  open(): Promise<Alert[]> {
    return this.alerts
      .find({ open_key: { $exists: true } })
      .limit(openMax)
      .toArray();
  }

  /** Those that fire, and those that were resolved lately. */
  told(resolvedAfter: Date): Promise<Alert[]> {
    const told = { source: 'condition' as const, told_at: { $ne: null } };
    const filter = {
      $or: [
        { ...told, state: 'firing' as const },
        { ...told, resolved_at: { $gt: resolvedAfter } },
      ],
    };
    return this.alerts.find(filter).limit(openMax).toArray();
  }

  /** Those whose recovery is owed. */
  owed(limit: number): Promise<Alert[]> {
    return this.alerts.find({ state: 'firing', 'recovery.state': 'owed' }).limit(limit).toArray();
  }

  /** Notes what became of a recovery, if it stands as it should. */
  async moveRecovery(id: string, from: IncidentRecovery['state'], to: IncidentRecovery): Promise<boolean> {
    const change = { $set: { recovery: to }, $inc: { rev: 1 } };
    return (await this.alerts.updateOne({ _id: id, 'recovery.state': from }, change, durable)).modifiedCount === 1;
  }

  /** Those that a tenant has open, counted up to a limit. */
  countIncidents(tenant: string | null, limit: number): Promise<number> {
    return this.alerts.countDocuments({ state: 'firing', source: 'alertmanager', tenant }, { limit });
  }

  async hasIncident(id: string): Promise<boolean> {
    return (await this.alerts.countDocuments({ _id: id }, { limit: 1 })) > 0;
  }

  /** False where it is known already. */
  async addIncident({ _id, ...rest }: Alert): Promise<boolean> {
    const added = await this.alerts.updateOne({ _id }, { $setOnInsert: rest }, { upsert: true, ...durable });
    return added.upsertedCount === 1;
  }

  /** False where none of this id is open. */
  async resolveIncident(id: string, at: Date): Promise<boolean> {
    const change = { $set: { state: 'resolved' as const, resolved_at: at }, $inc: { rev: 1 } };
    return (await this.alerts.updateOne({ _id: id, state: 'firing' }, change, durable)).modifiedCount === 1;
  }

  page({ states, tenant, name, after }: AlertFilter, limit: number): Promise<Alert[]> {
    const filter: Filter<Alert> = {
      state: { $in: states },
      ...(tenant === null ? {} : { tenant }),
      ...(name === undefined ? {} : { name }),
      ...(after ? { $or: [{ since: { $lt: after.since } }, { since: after.since, _id: { $lt: after.id } }] } : {}),
    };
    return this.alerts.find(filter).sort({ since: -1, _id: -1 }).limit(limit).toArray();
  }

  /**
   * Writes what became of an alert, if nobody has written it since it was read, and whatever belongs to that in the same
   * transaction. False where somebody has: then nothing is written.
   */
  async write(before: Alert | null, after: Alert | null, beside?: (session: ClientSession) => Promise<void>): Promise<boolean> {
    try {
      if (!beside) return await this.writeOne(before, after, durable);
      return await this.store.client.withSession((session) =>
        session.withTransaction(async () => {
          const isWritten = await this.writeOne(before, after, { session });
          if (isWritten) await beside(session);
          return isWritten;
        }, durable),
      );
    } catch (error) {
      // Another has opened it at the same time.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async writeOne(before: Alert | null, after: Alert | null, options: object): Promise<boolean> {
    if (before === null) return after !== null && (await this.alerts.insertOne(after, options)).acknowledged;
    const filter = { _id: before._id, rev: before.rev };
    if (after === null) return (await this.alerts.deleteOne(filter, options)).deletedCount === 1;
    const replacement = { ...after, rev: before.rev + 1 };
    return (await this.alerts.replaceOne(filter, replacement, options)).modifiedCount === 1;
  }
}
