import { Inject, Injectable, Optional } from '@nestjs/common';
import { ProblemError, listAuditSchema, validate, type ActionInput, type AuditExport, type AuditPage } from '@kintsugi/contracts';
import { SETTINGS, type Settings, type storeSettings } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { Store } from '@kintsugi/persistence';
import type { AuditEntries, AuditLog } from '@kintsugi/persistence/audit';
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
    if (actor.tenant !== null) {
      throw new ProblemError(
        'FORBIDDEN',
        `This key is bound to the tenant ${actor.tenant}. The chain as a whole is of all tenants.`,
      );
    }
    const { AUDIT_SIGNING_KEY: pem } = this.settings;
    const publicKey = pem === undefined ? null : AuditKey.fromPem(pem).publicKey.pem;
    if (!this.store) return { items: [], head: null, public_key: publicKey };
    const { entries, log } = await this.load(this.store);
    // Before the entries: the end may move on meanwhile.
    const head = await log.head();
    return { items: await entries.behind(after), head, public_key: publicKey };
  }

  /** Models are loaded with the first question: most of the time nobody asks. */
  private load(store: Store): Promise<Chain> {
    this.chain ??= Promise.all([import('@kintsugi/persistence/audit-entries'), import('@kintsugi/persistence/audit')]).then(
      ([{ AuditEntries }, { AuditLog }]) => ({
        entries: new AuditEntries(store),
        log: new AuditLog(store, { service: 'access', instance: 'gateway', key: null }),
      }),
    );
    return this.chain;
  }
}
