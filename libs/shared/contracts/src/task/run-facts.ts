import { z } from 'zod';
import { limits } from '../limits.js';

/** Characters of the name of a host, and of a version. */
const nameMax = 256;
const versionMax = 64;

export const hostSchema = z.string().min(1).max(nameMax);
export const workerVersionSchema = z.string().min(1).max(versionMax);
export const dependencySchema = z.string().min(1).max(limits.idLength);

/** What is known of a run that failed, beside why. Each is left out where nobody has said it. */
export const runFactsShape = {
  took_ms: z.number().min(0).optional().describe('How long it ran, in milliseconds.'),
  worker: z.string().optional().describe('The worker that ran it.'),
  host: hostSchema.optional().describe('The host of that worker.'),
  version: workerVersionSchema.optional().describe('The version that its worker runs: WORKER_VERSION.'),
  dependency: dependencySchema
    .optional()
    .describe('What failed behind it, such as `mail`: as the handler has said, or else the label `dependency` of its job.'),
};

export type RunFacts = z.infer<z.ZodObject<typeof runFactsShape>>;
