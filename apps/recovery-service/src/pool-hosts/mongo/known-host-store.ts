import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { hostKeptDays } from '../domain/host-view.js';
import type { KnownHost, KnownHosts } from '../known-hosts.js';
import { poolHostCollection, poolHostModel, type StoredPoolHost } from './pool-host.schema.js';

export const knownHostRetention = { collection: poolHostCollection, field: 'heard_at', days: hostKeptDays } as const;

/** The hosts of pools in MongoDB. */
@Injectable()
export class KnownHostStore implements KnownHosts {
  constructor(@InjectModel(poolHostModel) private readonly hosts: Model<StoredPoolHost>) {}

  async all(): Promise<KnownHost[]> {
    const found = await this.hosts.find().lean<StoredPoolHost[]>();
    return found.map(({ _id: host, pools, heard_at: heardAt }) => ({ host, pools, heardAt }));
  }

  async keep({ host, pools, heardAt }: KnownHost): Promise<void> {
    await this.hosts.updateOne({ _id: host }, { $set: { pools, heard_at: heardAt } }, { upsert: true });
  }

  async forget(host: string): Promise<void> {
    await this.hosts.deleteOne({ _id: host });
  }
}
