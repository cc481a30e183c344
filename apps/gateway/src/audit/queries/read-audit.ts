import { Injectable } from '@nestjs/common';
import {
  auditActions,
  auditServices,
  type ActionInput,
  type AuditExport,
  type AuditPage,
  type AuditService,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Backend } from '../../nats/backend.js';
import { AccessAudit } from '../mongo/access-audit.js';
import { cursorsIn, mergedPage } from '../domain/merged-page.js';

const limitDefault = 50;

type Request = ActionInput<'listJobAudit'>;

/** Asks the services for their chains. */
@Injectable()
export class ReadAudit {
  constructor(
    private readonly backend: Backend,
    private readonly access: AccessAudit,
  ) {}

  of(service: AuditService, request: Request, origin: Origin): Promise<AuditPage> {
    if (service === 'access') return this.access.page(request, origin);
    return this.backend.ask(auditActions[service].list, request, origin);
  }

  /** A page of all chains together, by time. */
  async ofAll(request: Request, origin: Origin): Promise<AuditPage> {
    const { limit = limitDefault, order = 'newest', cursor, ...filters } = request;
    const cursors = cursorsIn(cursor);
    const pages = await Promise.all(
      auditServices.map(async (service) => {
        const from = cursors?.[service];
        // It was read to its end.
        if (cursors && from === undefined) return null;
        const place = from === undefined || from === '' ? {} : { cursor: from };
        return { service, page: await this.of(service, { ...filters, ...place, limit, order }, origin), from: from ?? '' };
      }),
    );
    return mergedPage(
      pages.filter((page) => page !== null),
      limit,
      order,
    );
  }

  exported(service: AuditService, after: number, origin: Origin): Promise<AuditExport> {
    if (service === 'access') return this.access.exported(after, origin);
    return this.backend.ask(auditActions[service].export, { after }, origin);
  }
}
