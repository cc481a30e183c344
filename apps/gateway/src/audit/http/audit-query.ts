import { z } from 'zod';
import { auditServices, listAuditSchema, queryLimitSchema } from '@kintsugi/contracts';

const service = z.enum(auditServices).describe('The service whose chain is meant.');

/** The query of `GET /v1/audit`. */
export const auditQuerySchema = listAuditSchema.extend({
  limit: queryLimitSchema,
  service: service.optional().describe('Only the chain of this service. Without it: those of all, by time.'),
});

export type AuditQuery = z.output<typeof auditQuerySchema>;

/** The query of `GET /v1/audit/export`. */
export const auditExportQuerySchema = z.strictObject({
  service,
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'a whole number')
    .transform(Number)
    .optional()
    .describe('Entries behind this place of the chain.'),
});

export type AuditExportQuery = z.output<typeof auditExportQuerySchema>;
