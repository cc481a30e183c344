import { z } from 'zod';

/** How the working copies of a pool are made, as it is asked for. */
export const poolOptionFields = {
  shallow: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Commits that slots have of each branch and tag; the whole history when absent.'),
  partial: z
    .string()
    .regex(/^blob:(?:none|limit=\d{1,10}[kmg]?)$/, 'blob:none or blob:limit=SIZE, such as blob:limit=1m')
    .optional()
    .describe(
      'Contents of files that slots do without until git asks for them: `blob:none`, or `blob:limit=1m` for larger ones.',
    ),
  submodules: z
    .boolean()
    .default(false)
    .describe('Gives slots the submodules of the repository, and theirs, each of which POOL_ALLOWED_URLS has to name.'),
  reference_mirror: z
    .boolean()
    .default(true)
    .describe(
      'Keeps one copy of the repository on the host, from which slots are made and repaired; else the remote is asked each time.',
    ),
};

/** The same as it is told. */
export const poolOptionFacts = {
  shallow: z.int().nullable().describe('Commits that slots have of each branch and tag; null for the whole history.'),
  partial: z.string().nullable().describe('Contents of files that slots do without until git asks for them; null for none.'),
  submodules: z.boolean().describe('Whether slots have the submodules of the repository.'),
  reference_mirror: z.boolean().describe('Whether slots are made from a copy of the repository on the host.'),
};
