import { Controller, Get, Query } from '@nestjs/common';
import type { AuditExport, AuditPage } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Weighs } from '../../rates/http/weight.js';
import { ReadAudit } from '../queries/read-audit.js';
import { auditExportQuerySchema, auditQuerySchema, type AuditExportQuery, type AuditQuery } from './audit-query.js';

/** Who had what changed, for admins. */
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly audit: ReadAudit) {}

  @Get()
  @NeedsRole('admin')
  @Weighs(5)
  listAudit(
    @Query({ schema: auditQuerySchema, pipes: [new ContractPipe('query')] }) query: AuditQuery,
    @TheOrigin() origin: Origin,
  ): Promise<AuditPage> {
    const { service, ...request } = query;
    return service === undefined ? this.audit.ofAll(request, origin) : this.audit.of(service, request, origin);
  }

  @Get('export')
  @NeedsRole('admin')
  @Weighs(5)
  exportAudit(
    @Query({ schema: auditExportQuerySchema, pipes: [new ContractPipe('query')] }) query: AuditExportQuery,
    @TheOrigin() origin: Origin,
  ): Promise<AuditExport> {
    return this.audit.exported(query.service, query.after ?? 0, origin);
  }
}
