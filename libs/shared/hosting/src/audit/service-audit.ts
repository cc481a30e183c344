import { setTimeout as delay } from 'node:timers/promises';
import type { Provider } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import {
  auditActions,
  operations,
  subjects,
  validate,
  type ActionName,
  type ActionRequest,
  type Actor,
  type AuditExport,
  type AuditHead,
  type AuditPage,
} from '@kintsugi/contracts';
import {
  actorOf,
  readRequest,
  replyWithProblem,
  replyWithResult,
  type Bus,
  type FaultListener,
  type Msg,
} from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';
import { isUnreachable, type Store } from '@kintsugi/persistence';
import { AuditLog, type AuditEntries } from '@kintsugi/persistence/audit';
import { AuditKey } from '@kintsugi/persistence/audit-check';
import { AuditedCalls, type OwnRead } from './audited-calls.js';

/** Those that answer requests of others. */
export type AuditedService = keyof typeof auditActions;

/** How often the log tells the end of the chain at most, so that there is a copy of it outside of the database. */
const tellHeadMs = 10 * 60_000;
const closeMsMax = 2_000;

interface ServiceAuditOptions {
  instance: string;
  pem: string | undefined;
  logger: Logger;
}

/** The audit of a service: written by its calls, and shown to admins. */
export class ServiceAudit {
  readonly calls: AuditedCalls;
  private read: OwnRead | null = null;
  private entries: Promise<AuditEntries> | null = null;

  private constructor(
    private readonly service: AuditedService,
    private readonly store: Store,
    private readonly log: AuditLog,
  ) {
    this.calls = new AuditedCalls(log, (...asked) => this.ownRead(...asked));
  }

  static async open(
    store: Store,
    service: AuditedService,
    { instance, pem, logger }: ServiceAuditOptions,
  ): Promise<ServiceAudit> {
    const key = pem === undefined ? null : AuditKey.fromPem(pem);
    if (!key) logger.warn('The audit is not signed: there is no AUDIT_SIGNING_KEY');
    const log = new AuditLog(store, { service, instance, key, onHead: headTeller(logger) });
    await log.prepare();
    return new ServiceAudit(service, store, log);
  }

  get parts(): Provider[] {
    return [
      { provide: AuditLog, useValue: this.log },
      { provide: AuditedCalls, useValue: this.calls },
    ];
  }

  readWith(read: OwnRead): void {
    this.read = read;
  }

  /** Shows the audit from now on, and writes an end to calls that were cut off. */
  listen(bus: Bus, { queue, onFault }: { queue: string; onFault: FaultListener }): void {
    const answer = <Action extends ActionName>(
      action: Action,
      give: (request: ActionRequest<Action>, actor: Actor) => Promise<object>,
    ): void => {
      const execute = async (message: Msg): Promise<void> => {
        try {
          const request = validate(operations[action].request, readRequest(message), 'data') as ActionRequest<Action>;
          replyWithResult(message, await give(request, actorOf(message)));
        } catch (error) {
          replyWithProblem(message, error, onFault, isUnreachable);
        }
      };
      bus.subscribe(subjects.request(this.service, action), execute, { queue });
    };
    const actions = auditActions[this.service];
    answer(actions.list, (request, actor) => this.page(request, actor));
    answer(actions.export, (request, actor) => this.exported(request, actor));
    if (this.service === 'recovery') answer('keepAudit', ({ note, again }) => this.log.keep(note, again));
    inBackground('audit.open-calls', () => this.calls.endOpenCalls(this.log));
  }

  /** Before the store is closed. What it does not take in time gets its end at the next start. */
  async close(): Promise<void> {
    await Promise.race([this.calls.settled().then(() => this.log.settled()), delay(closeMsMax, undefined, { ref: false })]);
  }

  private async page(request: ActionRequest<'listJobAudit'>, { tenant }: Actor): Promise<AuditPage> {
    return (await this.loadEntries()).page(request, tenant);
  }

  private async exported({ after }: ActionRequest<'exportJobAudit'>, { tenant }: Actor): Promise<AuditExport> {
    return (await this.loadEntries()).exported(after, tenant, this.log);
  }

  /** They are read by a model, which is loaded with the first question: most of the time nobody asks. */
  private loadEntries(): Promise<AuditEntries> {
    this.entries ??= import('@kintsugi/persistence/audit-entries').then(({ AuditEntries }) => new AuditEntries(this.store));
    return this.entries;
  }

  private ownRead(...asked: Parameters<OwnRead>): Promise<unknown> {
    if (!this.read) throw new Error('The service does not answer yet.');
    return this.read(...asked);
  }
}

function headTeller(logger: Logger): (head: AuditHead) => void {
  let toldAt = -Infinity;
  return (head) => {
    if (performance.now() - toldAt < tellHeadMs) return;
    toldAt = performance.now();
    logger.info({ head }, 'End of the audit');
  };
}
