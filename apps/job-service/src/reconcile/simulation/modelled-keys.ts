import type { IdempotencyStore, KeyClaim } from '../../intake/mongo/idempotency-store.js';

/** Idempotency keys without a database: they outlive a service that is killed. */
export class ModelledKeys implements Pick<IdempotencyStore, 'claim' | 'jobOf' | 'release' | 'noteDeleted' | 'noteKept'> {
  private readonly stored = new Map<string, KeyClaim>();

  async claim(claims: readonly KeyClaim[]): Promise<Map<string, KeyClaim>> {
    const known = new Map<string, KeyClaim>();
    for (const claim of claims) {
      const earlier = this.stored.get(claim.key);
      if (!earlier) this.stored.set(claim.key, claim);
      else if (earlier.jobId !== claim.jobId) known.set(claim.key, earlier);
    }
    return known;
  }

  async jobOf(key: string): Promise<string | null> {
    return this.stored.get(key)?.jobId ?? null;
  }

  async release({ key, jobId }: KeyClaim): Promise<void> {
    if (this.stored.get(key)?.jobId === jobId) this.stored.delete(key);
  }

  async noteDeleted(jobIds: readonly string[]): Promise<void> {
    for (const claim of this.of(jobIds)) this.stored.set(claim.key, { ...claim, isDeleted: true });
  }

  async noteKept(jobIds: readonly string[]): Promise<void> {
    for (const { isDeleted: _, ...claim } of this.of(jobIds)) this.stored.set(claim.key, claim);
  }

  private of(jobIds: readonly string[]): KeyClaim[] {
    return [...this.stored.values()].filter(({ jobId }) => jobIds.includes(jobId));
  }
}
