import { ProblemError } from '@kintsugi/contracts';

/** Asks about all ids at once; where the answer does not fit into one message, by halves. Gives each answer, in order. */
export async function inHalves<Answer>(
  ids: readonly string[],
  ask: (ids: readonly string[]) => Promise<Answer>,
): Promise<Answer[]> {
  try {
    return [await ask(ids)];
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'ANSWER_TOO_LARGE') || ids.length < 2) throw error;
    const half = Math.ceil(ids.length / 2);
    return [...(await inHalves(ids.slice(0, half), ask)), ...(await inHalves(ids.slice(half), ask))];
  }
}
