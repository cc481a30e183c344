import { serviceOfDeadLetter, type DeadLetterService } from '@kintsugi/contracts';
import { exitCodes } from '../exit-codes.js';
import { failureOfError } from '../failure-of-error.js';
import type { Failure } from '../failure.js';

/** What became of one: what was answered, or why it failed. */
export type Result<Answer> = { id: string; answer: Answer } | { id: string; failure: Pick<Failure, 'code' | 'message'> };

/**
 * Does something to each, and tells of all what became of them: one that fails keeps none of the others back. Once a service is away,
 * the others of it are not tried, each of which would wait for it. What is asked for one alone fails as it did.
 */
export async function oneByOne<Answer>(ids: readonly string[], act: (id: string) => Promise<Answer>): Promise<Result<Answer>[]> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return [{ id: only, answer: await act(only) }];
  const away = new Map<DeadLetterService | null, Failure>();
  const results: Result<Answer>[] = [];
  for (const id of ids) {
    const service = serviceOfDeadLetter(id);
    const known = away.get(service);
    if (known) {
      results.push({ id, failure: { code: known.code, message: `It was not tried: ${service} could not be reached before.` } });
      continue;
    }
    try {
      results.push({ id, answer: await act(id) });
    } catch (error) {
      const failure = failureOfError(error);
      if (failure.exitCode === exitCodes.unavailable) away.set(service, failure);
      results.push({ id, failure });
    }
  }
  return results;
}
