import { Inject, Injectable, Optional } from '@nestjs/common';
import { listAuditSchema, validate, type ActionInput, type AuditExport, type AuditPage } from '@kintsugi/contracts';
import { SETTINGS, type Settings, type storeSettings } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { Store } from '@kintsugi/persistence';
import { AuditLog, refuseBound, type AuditEntries } from '@kintsugi/persistence/audit';
import { AuditKey } from '@kintsugi/persistence/audit-check';

interface Chain {
  entries: AuditEntries;
  log: AuditLog;
}

/** Who had API keys changed: the chain in the gateway's own database, which it has while keys are asked for. */
@Injectable()
export class AccessAudit {
  private chain: Promise<Chain> | null = null;

  constructor(
    @Optional() @Inject(Store) private readonly store: Store | undefined,
    @Inject(SETTINGS) private readonly settings: Partial<Settings<typeof storeSettings>>,
  ) {}

  async page(request: ActionInput<'listJobAudit'>, { actor }: Origin): Promise<AuditPage> {
    if (!this.store) return { items: [], next_cursor: null };
    const { entries } = await this.load(this.store);
    return entries.page(validate(listAuditSchema, request, 'query'), actor.tenant);
  }

  async exported(after: number, { actor }: Origin): Promise<AuditExport> {
    if (!this.store) {
      refuseBound(actor.tenant);
      return { items: [], head: null, public_key: this.key()?.publicKey.pem ?? null };
    }
    const { entries, log } = await this.load(this.store);
    return entries.exported(after, actor.tenant, log);
  }

  /** Models are loaded with the first question: most of the time nobody asks. */
  private load(store: Store): Promise<Chain> {
    this.chain ??= import('@kintsugi/persistence/audit-entries').then(({ AuditEntries }) => ({
      entries: new AuditEntries(store),
      log: new AuditLog(store, { service: 'access', instance: 'gateway', key: this.key() }),
    }));
    return this.chain;
  }

  private key(): AuditKey | null {
    const { AUDIT_SIGNING_KEY: pem } = this.settings;
    return pem === undefined ? null : AuditKey.fromPem(pem);
  }
}
