import { z } from 'zod';

export const poolHostSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,63}$/, 'letters, digits, dashes and underscores, at most 63')
  .describe('A host of pools, by the POOL_HOST of its agent.');

/** Of a request that several hosts could be meant by. */
export const onHost = {
  host: poolHostSchema.optional().describe('The host, where several have a pool of this name; whichever has it when absent.'),
};

/** Of a request that is about all hosts, or one of them. */
export const oneHost = {
  host: poolHostSchema.optional().describe('Only what is on this host; all hosts when absent.'),
};

export const listPoolsSchema = z.strictObject(oneHost);

export const forgetPoolHostSchema = z.strictObject({
  host: poolHostSchema.describe('The host, which has no agent any more.'),
  dry_run: z.boolean().default(false).describe('Says what would be done, and changes nothing.'),
});

export const forgottenPoolHostSchema = z.object({
  host: z.string().describe('The host.'),
  pools: z.array(z.string()).describe('The pools that it was known to have, whose names are free.'),
  dry_run: z.boolean().describe('Whether nothing was done.'),
});

/** Of an answer. */
export const hostFact = { host: z.string().describe('The host that it is on.') };

/** Of an answer that is made of those of several hosts. */
export const hostsAwayFact = {
  hosts_away: z
    .array(z.object({ host: z.string().describe('The host.'), reason: z.string().describe('Why nothing of it is in here.') }))
    .optional()
    .describe('Hosts of pools that did not answer, of which nothing is in here; absent when all did.'),
};

/** What an agent of pools says of its host, to whoever listens. */
export const poolHostReportSchema = z.object({ host: poolHostSchema, pools: z.array(z.string()) });

export type PoolHostReport = z.output<typeof poolHostReportSchema>;
export type HostAway = NonNullable<z.output<typeof hostsAwayFact.hosts_away>>[number];
