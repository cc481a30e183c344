import type { Collection } from 'mongodb';
import { every } from '@kintsugi/boundary';
import { AwakeTime } from '@kintsugi/contracts';
import { isDuplicateKey } from './duplicate-key.js';
import { inTime } from './in-time.js';
import { durable, type Store } from './store.js';

interface LeaseDocument {
  _id: string;
  holder: string;
  /** Another value with each renewal; `givenBack` once its holder has released it. */
  expires_at: Date;
  /** Rises with each change of holder. */
  epoch: number;
}

export interface LeadershipOptions {
  role: string;
  /** Stable over restarts of one replica, so that a restarted leader leads again at once. */
  holder: string;
  leaseMs?: number;
  /** Another replica leads; `sameName` when it calls itself by the same name, so that the two would take turns for ever. */
  onLost: (sameName: boolean) => void;
  /** Why this replica cannot find out who leads, each reason once. */
  onFault?: (error: unknown) => void;
}

/** Share of the lease after which it is no longer sure: what is under way then still arrives before its end. */
const assertedShare = 0.8;
/** Share of the lease between two renewals: one may fail before it is not sure any more. */
const renewShare = 1 / 3;
const lookAgainMs = 100;
const answerMsMax = 5_000;
/** A stop does not wait longer for a database that is away: others find the lease silent. */
const releaseMsMax = 2_000;
/** Share of the lease between two looks of one that waits for it. Two of them are the most that a look counts for. */
const lookShare = 0.1;
const givenBack = new Date(0);

/**
 * At most one replica leads a role at a time, by a lease in MongoDB. Who waits for it judges by what it saw itself: the
 * holder is gone when its lease has not been renewed for a whole length of it, in which this replica was awake and got
 * answers. So neither a pause of the database nor one of all processes costs a leader its lease; no clock has a say.
 * Leading is a convenience and not the safety: writes stay conditional, so a leader that wakes up late changes nothing it
 * should not.
 */
export class Leadership {
  private readonly leases: Collection<LeaseDocument>;
  private readonly leaseMs: number;
  private timer: NodeJS.Timeout | null = null;
  private epoch = 0;
  /** When the renewal that stands was asked for: nobody else takes the lease before its length has passed since. */
  private renewedAt = -Infinity;
  private renewing: Promise<void> | null = null;
  private lastFault = '';

  constructor(
    store: Store,
    private readonly options: LeadershipOptions,
  ) {
    this.leases = store.collection<LeaseDocument>('leases');
    this.leaseMs = options.leaseMs ?? 5_000;
  }

  /** Waits until this replica leads, then renews in the background. Gives the epoch of this leadership. */
  async acquire(signal: AbortSignal): Promise<number> {
    const watched = new WatchedLease(this.leaseMs);
    while (!signal.aborted) {
      const askedAt = performance.now();
      const epoch = await this.tryAcquire(watched).catch((error: unknown) => this.noteFault(error));
      if (epoch !== null) {
        this.renewedAt = askedAt;
        this.epoch = epoch;
        this.timer = every('leadership.renew', this.leaseMs * renewShare, () => this.renew());
        return epoch;
      }
      await new Promise((resolve) => setTimeout(resolve, this.leaseMs * lookShare));
    }
    throw new Error('Stopped before this replica led.');
  }

  /**
   * Resolves while the lease is surely ours, and never when it is lost. Who writes as the leader waits for it: after a
   * pause of the database another replica may lead already, and would not learn of what this one writes.
   */
  async assertLeader(): Promise<void> {
    while (performance.now() - this.renewedAt > this.leaseMs * assertedShare) {
      // Given back or lost: whoever waits here has nothing left to do.
      if (!this.timer) return new Promise(() => undefined);
      await this.renew();
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }

  /** Gives the lease back, so that another replica need not wait for its end. */
  async release(): Promise<void> {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    const { role, holder } = this.options;
    const released = this.leases.updateOne({ _id: role, holder }, { $set: { expires_at: givenBack } });
    await inTime(releaseMsMax, released).catch(() => undefined);
  }

  private async tryAcquire(watched: WatchedLease): Promise<number | null> {
    const { role, holder } = this.options;
    const lease = await inTime(answerMsMax, this.leases.findOne({ _id: role }));
    const isSilent = watched.look(lease);
    if (!lease) return this.writeFirst();
    const isFree = lease.holder === holder || lease.expires_at.getTime() === givenBack.getTime() || isSilent;
    if (!isFree) return null;
    const taken = this.leases.findOneAndUpdate(
      { _id: role, epoch: lease.epoch, expires_at: lease.expires_at },
      [{ $set: { holder, epoch: lease.epoch + 1, expires_at: { $add: ['$$NOW', this.leaseMs] } } }],
      { returnDocument: 'after', ...durable },
    );
    return (await inTime(answerMsMax, taken))?.epoch ?? null;
  }

  private async writeFirst(): Promise<number | null> {
    const { role, holder } = this.options;
    const first = { _id: role, holder, epoch: 1, expires_at: new Date(Date.now() + this.leaseMs) };
    try {
      await inTime(answerMsMax, this.leases.insertOne(first, durable));
      return first.epoch;
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }

  private renew(): Promise<void> {
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async renewOnce(): Promise<void> {
    const { role, holder } = this.options;
    const { epoch } = this;
    const askedAt = performance.now();
    try {
      const renewal = this.leases.updateOne(
        { _id: role, holder, epoch },
        [{ $set: { expires_at: { $add: ['$$NOW', this.leaseMs] } } }],
        durable,
      );
      const { matchedCount } = await inTime(this.leaseMs / 2, renewal);
      if (matchedCount === 1) this.renewedAt = askedAt;
      else this.lose((await inTime(answerMsMax, this.leases.findOne({ _id: role })))?.holder === holder);
    } catch (error) {
      // The store is away, for everybody: what this replica would write waits until it is sure again.
      this.noteFault(error);
    }
  }

  private noteFault(error: unknown): null {
    const reason = String(error);
    if (reason !== this.lastFault) this.options.onFault?.(error);
    this.lastFault = reason;
    return null;
  }

  private lose(sameName: boolean): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.renewedAt = -Infinity;
    this.options.onLost(sameName);
  }
}

/** What one that waits has seen of the lease. */
class WatchedLease {
  private readonly time: AwakeTime;
  private seen = '';
  private since = 0;

  constructor(private readonly leaseMs: number) {
    this.time = new AwakeTime(2 * lookShare * leaseMs);
  }

  /** Takes in how the lease stands. Gives whether it has stood so for a whole length of it. */
  look(lease: LeaseDocument | null): boolean {
    const now = this.time.pass();
    const current = lease ? `${lease.epoch} ${lease.expires_at.getTime()}` : '';
    if (current !== this.seen) {
      this.seen = current;
      this.since = now;
    }
    return now - this.since >= this.leaseMs;
  }
}
