import { apiKeyIdOf, type Actor } from '@kintsugi/contracts';
import { AuditKey } from '../audit/audit-key.js';
import { AuditLog, type AuditNote } from '../audit/audit-log.js';
import type { Store } from '../store.js';
import { ApiKeys, type MadeKey, type NewApiKey } from './api-keys.js';

export interface KeyAuditOptions {
  /** Who changes keys. */
  actor: Actor;
  /** Name of this process. */
  instance: string;
  /** PEM of the key that signs what is written; undefined where there is none. */
  pem: string | undefined;
  /** The request by which they do. */
  requestId?: string;
}

type Refusal = 'taken' | 'absent' | 'revoked';
type Seen = AuditNote['before'];

/** A change may be under way so long at most: what was begun earlier and has no end was cut off. */
const changeMsMax = 15 * 60_000;
const refused = { phase: 'refused', after: null, problem: 'KEY_REFUSED' } as const;

/**
 * The API keys, for who changes them: that a change was asked for is written down before it is made, and what became of it
 * behind it. One that cannot be written down is not made. Keys themselves, and what they are known by, are in no entry.
 */
export class AuditedApiKeys extends ApiKeys {
  private readonly begun = new Date();
  private prepared: Promise<void> | null = null;

  constructor(
    private readonly database: Store,
    private readonly options: KeyAuditOptions,
    private readonly log = logOf(database, options),
  ) {
    super(database);
  }

  /** The same keys and the same chain, for somebody else who changes them. */
  changedBy({ actor, requestId }: { actor: Actor; requestId: string }): AuditedApiKeys {
    const others = new AuditedApiKeys(this.database, { ...this.options, actor, requestId }, this.log);
    others.prepared = this.prepared ??= this.prepareLog();
    return others;
  }

  override create(about: NewApiKey): Promise<MadeKey | 'taken'> {
    const { id, role, tenant, expires_at: expires } = about;
    const given = { role, tenant, expires_at: expires?.toISOString() ?? null };
    return this.audited('createKey', id, given, () => super.create(about));
  }

  override async keepFirst(key: string): Promise<void> {
    if (!(await this.isEmpty())) return;
    await this.audited('keepFirstKey', apiKeyIdOf(key) ?? '', { role: 'admin' }, () => super.keepFirst(key));
  }

  override rotate(id: string, overlapSeconds: number): Promise<MadeKey | 'absent' | 'revoked'> {
    return this.audited('rotateKey', id, { overlap_s: overlapSeconds }, () => super.rotate(id, overlapSeconds));
  }

  override revoke(id: string): Promise<'changed' | 'absent' | 'revoked'> {
    return this.audited('revokeKey', id, null, () => super.revoke(id));
  }

  /** Resolves once the end of the chain is kept, or cannot be. */
  settled(): Promise<void> {
    return this.log.settled();
  }

  private async audited<Result>(
    action: string,
    id: string,
    given: AuditNote['given'],
    change: () => Promise<Result | Refusal>,
  ): Promise<Result> {
    await (this.prepared ??= this.prepareLog());
    const before = await this.look(id);
    const said = { action, given, ...{ by: [this.partOf(id, tenantIn(before) ?? tenantIn(given))], before } };
    const { seq: call } = await this.log.append({ ...said, phase: 'asked', call: null, after: null, problem: null });
    let result: Result | Refusal;
    try {
      result = await change();
    } catch (error) {
      await this.log.appendSurely({ ...said, phase: 'unknown', call, after: await this.look(id), problem: 'INTERNAL' });
      throw error;
    }
    // The command line tells it by this code.
    const end = isRefusal(result) ? refused : { phase: 'done' as const, after: await this.look(id), problem: null };
    await this.log.appendSurely({ ...said, call, ...end });
    return result as Result;
  }

  /** Changes that were cut off get an end. */
  private async prepareLog(): Promise<void> {
    await this.log.prepare();
    const before = new Date(this.begun.getTime() - changeMsMax);
    for (const { action, given, by, before: was, seq } of await this.log.openCalls(before, this.begun)) {
      const after = await this.look(by[0]?.subjects[0] ?? '');
      await this.log.appendSurely({ action, given, by, before: was, phase: 'unknown', call: seq, after, problem: null });
    }
  }

  private async look(id: string): Promise<Seen> {
    const found = (await this.list()).find(({ _id }) => _id === id);
    if (!found) return null;
    const { role, tenant, rotated_at: rotated, expires_at: expires, revoked_at: revoked } = found;
    const times = { rotated_at: rotated, expires_at: expires, revoked_at: revoked };
    return { role, tenant: tenant ?? null, ...(JSON.parse(JSON.stringify(times)) as object) };
  }

  private partOf(id: string, tenant: string | null): AuditNote['by'][number] {
    const { actor, requestId = null } = this.options;
    return { actor, tenant, request_id: requestId, subjects: [id] };
  }
}

function logOf(store: Store, { instance, pem }: KeyAuditOptions): AuditLog {
  return new AuditLog(store, { service: 'access', instance, key: pem === undefined ? null : AuditKey.fromPem(pem) });
}

function tenantIn(seen: Seen): string | null {
  return typeof seen?.['tenant'] === 'string' ? seen['tenant'] : null;
}

function isRefusal(result: unknown): boolean {
  return (['taken', 'absent', 'revoked'] satisfies Refusal[]).some((refusal) => refusal === result);
}
