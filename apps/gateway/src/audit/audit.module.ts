import { Module } from '@nestjs/common';
import { AuditController } from './http/audit.controller.js';
import { AccessAudit } from './mongo/access-audit.js';
import { ReadAudit } from './queries/read-audit.js';

/** `GET /v1/audit` and below. */
@Module({ controllers: [AuditController], providers: [ReadAudit, AccessAudit] })
export class AuditModule {}
