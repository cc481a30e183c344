import type { StoredGroupRecovery } from './domain/group-recovery.js';
import type { GroupRecoveries, GroupRecoveryFilter } from './group-recoveries.js';

/** The recoveries of groups without a database, for specs: they keep to the same promises as those in MongoDB. */
export class GroupRecoveriesInMemory implements GroupRecoveries {
  private readonly stored = new Map<string, StoredGroupRecovery>();

  async add(recovery: StoredGroupRecovery): Promise<StoredGroupRecovery | null> {
    const { idempotency_key: key, open_for: about } = recovery;
    const other =
      this.where(({ idempotency_key }) => key !== undefined && idempotency_key === key)[0] ??
      this.where(({ open_for }) => about !== undefined && open_for === about)[0];
    if (other) return other;
    this.stored.set(recovery._id, structuredClone(recovery));
    return null;
  }

  async find(id: string): Promise<StoredGroupRecovery | null> {
    return structuredClone(this.stored.get(id) ?? null);
  }

  async ofKey(key: string): Promise<StoredGroupRecovery | null> {
    return this.where(({ idempotency_key }) => idempotency_key === key)[0] ?? null;
  }

  async waiting(limit: number): Promise<StoredGroupRecovery[]> {
    return this.where(({ active, state }) => active === true && state === 'waiting').slice(0, limit);
  }

  async running(limit: number): Promise<StoredGroupRecovery[]> {
    return this.where(({ active, state }) => active === true && state !== 'waiting').slice(0, limit);
  }

  async countActive(of?: { tenant: string | null }): Promise<number> {
    return this.where(({ active, tenant }) => active === true && (!of || tenant === of.tenant)).length;
  }

  async latest(filter: GroupRecoveryFilter, before: string | null, limit: number): Promise<StoredGroupRecovery[]> {
    const fits = (recovery: StoredGroupRecovery): boolean =>
      (before === null || recovery._id < before) &&
      Object.entries(filter).every(
        ([field, value]) => value === undefined || recovery[field as keyof GroupRecoveryFilter] === value,
      );
    return this.where(fits).toReversed().slice(0, limit);
  }

  async write(previous: StoredGroupRecovery, next: StoredGroupRecovery): Promise<boolean> {
    if (this.stored.get(previous._id)?.version !== previous.version) return false;
    this.stored.set(next._id, structuredClone(next));
    return true;
  }

  async among(ids: readonly string[]): Promise<string[]> {
    return ids.filter((id) => this.stored.has(id));
  }

  /** Ids begin with the time. */
  private where(fits: (recovery: StoredGroupRecovery) => boolean): StoredGroupRecovery[] {
    const found = [...this.stored.values()].filter(fits).sort((one, other) => (one._id < other._id ? -1 : 1));
    return structuredClone(found);
  }
}
