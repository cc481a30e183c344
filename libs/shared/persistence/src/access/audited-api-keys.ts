import { setTimeout as delay } from 'node:timers/promises';
import { apiKeyIdOf, type Actor } from '@kintsugi/contracts';
import { AuditKey } from '../audit/audit-key.js';
import { AuditLog, type AuditNote } from '../audit/audit-log.js';
import { CallEnds } from '../audit/call-ends.js';
import type { Store } from '../store.js';
import { ApiKeys, type MadeKey, type NewApiKey } from './api-keys.js';

export interface KeyChanger {
  /** Who changes keys. */
  actor: Actor;
  /** The request by which they do. */
  requestId?: string;
}

export interface KeyAuditOptions extends KeyChanger {
  /** Name of this process. */
  instance: string;
  /** PEM of the key that signs what is written; undefined where there is none. */
  pem: string | undefined;
}

type Refusal = 'taken' | 'absent' | 'revoked';
type Seen = AuditNote['before'];
type End = Pick<AuditNote, 'phase' | 'problem'>;

/** A change that somebody asks for. */
interface Asked extends Pick<AuditNote, 'action' | 'given'> {
  id: string;
  by: KeyChanger;
}

const done: End = { phase: 'done', problem: null };
// The command line tells it by this code.
const refused: End = { phase: 'refused', problem: 'KEY_REFUSED' };
const failed: End = { phase: 'unknown', problem: 'INTERNAL' };

/**
 * The API keys, for who changes them: that a change was asked for is written down before it is made, and what became of it
 * behind it. One that cannot be written down is not made. Keys themselves, and what they are known by, are in no entry.
 */
export class AuditedApiKeys extends ApiKeys {
  private readonly log: AuditLog;
  private readonly closing = new AbortController();
  private readonly ends = new CallEnds(this.closing.signal);
  private prepared: Promise<void> | null = null;

  constructor(
    store: Store,
    private readonly options: KeyAuditOptions,
  ) {
    super(store);
    const { instance, pem } = options;
    this.log = new AuditLog(store, { service: 'access', instance, key: pem === undefined ? null : AuditKey.fromPem(pem) });
  }

  /** A process that answers others does it first, and waits as long as it takes: a change would wait for it instead. */
  override async prepare(): Promise<void> {
    await super.prepare();
    await this.prepareLog();
  }

  /** @param by who makes this change, where that is somebody else than who changes keys here otherwise */
  override create(about: NewApiKey, by: KeyChanger = this.options): Promise<MadeKey | 'taken'> {
    const { id, role, tenant, expires_at: expires } = about;
    const given = { role, tenant, expires_at: expires?.toISOString() ?? null };
    return this.audited({ action: 'createKey', id, given, by }, () => super.create(about));
  }

  override async keepFirst(key: string): Promise<void> {
    if (!(await this.isEmpty())) return;
    const asked = { action: 'keepFirstKey', id: apiKeyIdOf(key) ?? '', given: { role: 'admin' }, by: this.options };
    await this.audited(asked, () => super.keepFirst(key));
  }

  override rotate(id: string, overlapSeconds: number, by: KeyChanger = this.options): Promise<MadeKey | 'absent' | 'revoked'> {
    const asked = { action: 'rotateKey', id, given: { overlap_s: overlapSeconds }, by };
    return this.audited(asked, () => super.rotate(id, overlapSeconds));
  }

  override revoke(id: string, by: KeyChanger = this.options): Promise<'changed' | 'absent' | 'revoked'> {
    return this.audited({ action: 'revokeKey', id, given: null, by }, () => super.revoke(id));
  }

  /** Resolves once what became of each change, and the end of the chain, is kept or cannot be. */
  async settled(): Promise<void> {
    await this.ends.settled();
    await this.log.settled();
  }

  /** Before the store is closed. What it does not take in time gets its end from whoever changes keys later. */
  async close(msMax: number): Promise<void> {
    await Promise.race([this.settled(), delay(msMax, undefined, { ref: false })]);
    this.closing.abort();
  }

  private async audited<Result>({ action, id, given, by }: Asked, change: () => Promise<Result | Refusal>): Promise<Result> {
    await this.prepareLog();
    const before = await this.look(id);
    const said = { action, given, by: [partOf(id, tenantIn(before) ?? tenantIn(given), by)], before };
    const { seq: call } = await this.log.append({ ...said, phase: 'asked', call: null, after: null, problem: null });
    // It is answered at once: a key is told this once, and the store may be away for long.
    const endWith = (end: End): void => this.ends.later(() => this.writeEnd(id, { ...said, call, ...end }));
    let result: Result | Refusal;
    try {
      result = await change();
    } catch (error) {
      endWith(failed);
      throw error;
    }
    endWith(isRefusal(result) ? refused : done);
    return result as Result;
  }

  /** Anew where it has failed: what was wrong may be over. */
  private prepareLog(): Promise<void> {
    this.prepared ??= this.log.prepare().then(
      () => this.ends.later(() => this.endOpenCalls()),
      (error: unknown) => {
        this.prepared = null;
        throw error;
      },
    );
    return this.prepared;
  }

  /** Changes that were cut off get an end. */
  private endOpenCalls(): Promise<void> {
    return this.ends.endOpen(this.log, ({ by: [part] }) => {
      const id = part?.subjects[0] ?? '';
      return () => this.look(id);
    });
  }

  private async writeEnd(id: string, said: Omit<AuditNote, 'after'>): Promise<void> {
    const after = said.phase === 'refused' ? null : await this.ends.lookAfterwards(() => this.look(id));
    await this.log.appendSurely({ ...said, after }, this.closing.signal);
  }

  private async look(id: string): Promise<Seen> {
    const found = (await this.list()).find(({ _id }) => _id === id);
    if (!found) return null;
    const { role, tenant, rotated_at: rotated, expires_at: expires, revoked_at: revoked } = found;
    const times = { rotated_at: rotated, expires_at: expires, revoked_at: revoked };
    return { role, tenant: tenant ?? null, ...(JSON.parse(JSON.stringify(times)) as object) };
  }
}

function partOf(id: string, tenant: string | null, { actor, requestId }: KeyChanger): AuditNote['by'][number] {
  return { actor, tenant, request_id: requestId ?? null, subjects: [id] };
}

function tenantIn(seen: Seen): string | null {
  return typeof seen?.['tenant'] === 'string' ? seen['tenant'] : null;
}

function isRefusal(result: unknown): boolean {
  return (['taken', 'absent', 'revoked'] satisfies Refusal[]).some((refusal) => refusal === result);
}
