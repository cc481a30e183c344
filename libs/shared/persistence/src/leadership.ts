import type { Collection } from 'mongodb';
import { durable, type Store } from './store.js';

interface LeaseDocument {
  _id: string;
  holder: string;
  expires_at: Date;
  /** Rises with each change of holder. */
  epoch: number;
}

export interface LeadershipOptions {
  role: string;
  /** Stable over restarts of one replica, so that a restarted leader leads again at once. */
  holder: string;
  leaseMs?: number;
  onLost: () => void;
}

/**
 * At most one replica leads a role at a time, by a lease in MongoDB on the server's clock. Leading is a convenience
 * and not the safety: writes stay conditional, so a leader that wakes up late changes nothing it should not.
 */
export class Leadership {
  private readonly leases: Collection<LeaseDocument>;
  private readonly leaseMs: number;
  private timer: NodeJS.Timeout | null = null;
  private renewedAt = 0;

  constructor(
    store: Store,
    private readonly options: LeadershipOptions,
  ) {
    this.leases = store.collection<LeaseDocument>('leases');
    this.leaseMs = options.leaseMs ?? 5_000;
  }

  /** Waits until this replica leads, then renews in the background. Gives the epoch of this leadership. */
  async acquire(signal: AbortSignal): Promise<number> {
    while (!signal.aborted) {
      const epoch = await this.tryAcquire().catch(() => null);
      if (epoch !== null) {
        this.renewedAt = performance.now();
        this.timer = setInterval(() => void this.renew(epoch), this.leaseMs / 4);
        return epoch;
      }
      await new Promise((resolve) => setTimeout(resolve, this.leaseMs / 10));
    }
    throw new Error('Stopped before this replica led.');
  }

  /** Gives the lease back, so that another replica need not wait for its end. */
  async release(): Promise<void> {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    await this.leases
      .updateOne(
        { _id: this.options.role, holder: this.options.holder },
        { $set: { expires_at: new Date(0) } },
        { timeoutMS: 2_000 },
      )
      .catch(() => undefined);
  }

  private async tryAcquire(): Promise<number | null> {
    const { role, holder } = this.options;
    const mine = { $eq: ['$holder', holder] };
    const free = { $or: [mine, { $lt: ['$expires_at', '$$NOW'] }, { $eq: [{ $type: '$holder' }, 'missing'] }] };
    const lease = await this.leases.findOneAndUpdate(
      { _id: role },
      [
        {
          $set: {
            epoch: { $cond: [free, { $add: [{ $ifNull: ['$epoch', 0] }, 1] }, '$epoch'] },
            expires_at: { $cond: [free, { $add: ['$$NOW', this.leaseMs] }, '$expires_at'] },
            holder: { $cond: [free, holder, '$holder'] },
          },
        },
      ],
      { upsert: true, returnDocument: 'after', timeoutMS: 5_000, ...durable },
    );
    return lease?.holder === holder ? lease.epoch : null;
  }

  private async renew(epoch: number): Promise<void> {
    const { role, holder } = this.options;
    try {
      const renewed = await this.leases.updateOne(
        { _id: role, holder, epoch },
        [{ $set: { expires_at: { $add: ['$$NOW', this.leaseMs] } } }],
        { timeoutMS: this.leaseMs / 2 },
      );
      if (renewed.matchedCount === 1) {
        this.renewedAt = performance.now();
        return;
      }
      this.lose();
    } catch {
      // The store is away for everybody; only a lease that another replica took over is lost.
      if (performance.now() - this.renewedAt > 60_000) this.lose();
    }
  }

  private lose(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.options.onLost();
  }
}
