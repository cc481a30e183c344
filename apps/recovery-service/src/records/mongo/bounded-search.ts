import { ProblemError } from '@kintsugi/contracts';

/** What is in few of very many records: its search ends with a problem rather than going on for ever. */
const searchMsMax = 8_000;
/** MongoDB's code for a search that took longer. */
const maxTimeExpired = 50;

export const boundedSearch = { maxTimeMS: searchMsMax } as const;

/** Tells whoever waits for a search that took too long to narrow it. @param path the part of the request that makes it broad */
export function asTooBroad(path: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error) || !('code' in error) || error.code !== maxTimeExpired) throw error;
    throw new ProblemError('VALIDATION_FAILED', 'The search took too long. Narrow it by job_id, error_type, from or to.', {
      errors: [
        {
          path,
          rule: `has to be searched within ${searchMsMax / 1_000} s`,
          hint: 'name a job_id, an error_type, or from and to',
        },
      ],
    });
  };
}
