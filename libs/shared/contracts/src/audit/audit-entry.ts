import { z } from 'zod';
import { actorSchema } from '../access/actor.js';
import { tenantSchema } from '../access/tenant.js';
import { pageOf, pageShape } from '../page.js';
import { timeSchema } from '../period.js';

/** Each of them has a chain of its own, in its own database. `access`: the API keys, which the command line and gateways change. */
export const auditServices = ['job', 'recovery', 'metrics', 'access'] as const;

export type AuditService = (typeof auditServices)[number];

/**
 * `asked`: written before anything is changed. `done` and `refused`: what became of it. `unknown`: the process ended before it
 * could say. `created`: jobs that came in, written for all of one moment together.
 */
export const auditPhases = ['asked', 'done', 'refused', 'unknown', 'created'] as const;

export type AuditPhase = (typeof auditPhases)[number];

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits');

const seenSchema = z
  .record(z.string(), z.unknown())
  .nullable()
  .describe('The fields that tell its state; never a payload, a label or a secret. Null where it is not there.');

/** Who had what changed, of which tenant. */
export const auditPartSchema = z.object({
  actor: actorSchema.describe('Who asked, and how he came in.'),
  tenant: tenantSchema
    .nullable()
    .describe('Whose it is; null where it is nobody’s, or of several. Keys that are bound to no tenant see it.'),
  request_id: z.string().nullable().describe('Under which id the logs tell of it; null for jobs that came in.'),
  subjects: z
    .array(z.string())
    .describe('Ids or names of what it is about. `job_….3-17` are the jobs at the places 3 to 17 of one bundle.'),
});

/** A link of the chain. What it says is bound by `hash`, and `hash` by `signature`. */
export const auditEntrySchema = z.object({
  service: z.enum(auditServices).describe('Whose chain it is of.'),
  seq: z.int().min(1).describe('Its place in the chain, from 1 without a gap.'),
  at: z.string().describe('When it was written.'),
  instance: z.string().describe('The process that wrote it.'),
  phase: z.enum(auditPhases).describe('Whether something was asked for, or what became of it.'),
  call: z.int().nullable().describe('With done, refused and unknown: the place of the entry that asked.'),
  action: z.string().describe('What was asked for.'),
  by: z.array(auditPartSchema).describe('Who asked, and for what. Several where jobs came in together.'),
  given: z.record(z.string(), z.unknown()).nullable().describe('What was asked for, as far as it is no payload and no secret.'),
  before: seenSchema,
  after: seenSchema,
  problem: z.string().nullable().describe('With refused: the code of the problem.'),
  previous: hashSchema.describe('The hash of the entry before; zeros in the first.'),
  key_id: z.string().nullable().describe('The key that signed it; null where the service has none.'),
  hash: hashSchema.describe('SHA-256 of all that stands above, as JSON with sorted keys.'),
  signature: z.string().nullable().describe('Ed25519 over service, place and hash, in base64.'),
});

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditPart = z.infer<typeof auditPartSchema>;

/** What a chain says of its end. It can be kept elsewhere: a chain that lacks it has been cut. */
export const auditHeadSchema = auditEntrySchema.pick({ service: true, seq: true, hash: true, key_id: true, signature: true });

export type AuditHead = z.infer<typeof auditHeadSchema>;

export const listAuditSchema = z.strictObject({
  actor: z.string().min(1).max(128).optional().describe('Only what this actor asked for: a name, as a key has one.'),
  action: z.string().min(1).max(64).optional().describe('Only this action, such as cancelJob.'),
  subject: z.string().min(1).max(200).optional().describe('Only what is about this: the id of a job, the name of a schedule.'),
  tenant: tenantSchema.optional().describe("Only what is this tenant's."),
  since: timeSchema.optional().describe('Only from this time on.'),
  until: timeSchema.optional().describe('Only before this time.'),
  phase: z
    .enum(auditPhases)
    .optional()
    .describe('Only this phase. Without it: all that has an outcome, and not what asked for it.'),
  order: z.enum(['newest', 'oldest']).default('newest').describe('What comes first.'),
  ...pageShape,
});

export const auditPageSchema = pageOf(auditEntrySchema);

export type AuditPage = z.infer<typeof auditPageSchema>;

/** What a process without a database has written into the chain of recovery-service. */
export const keepAuditSchema = z.strictObject({
  note: auditEntrySchema
    .pick({ phase: true, call: true, action: true, by: true, given: true, before: true, after: true, problem: true })
    .extend({ instance: z.string().max(256).optional().describe('The process that it is of. Left out: the one that writes it.') })
    .describe('What the entry says, without its place in the chain.'),
  again: z.boolean().default(false).describe('Whether it was sent before, and may be there.'),
});

export const keptAuditSchema = z.object({
  seq: z.int().nullable().describe('Its place in the chain; null where it was there before.'),
});

/** As many as one message holds. */
export const exportAuditSchema = z.strictObject({
  after: z.int().min(0).default(0).describe('Entries behind this place of the chain.'),
});

export const auditExportSchema = z.object({
  items: z.array(auditEntrySchema).describe('Entries in their order, as they are stored. None: that was all.'),
  head: auditHeadSchema.nullable().describe('What is kept of the end of the chain beside it; null while there is none.'),
  public_key: z
    .string()
    .nullable()
    .describe('PEM of the key by which the service signs now. Hold it against a copy of your own.'),
});

export type AuditExport = z.infer<typeof auditExportSchema>;
