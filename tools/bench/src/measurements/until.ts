import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../load/monotonic-clock.js';

const pollMsDefault = 5;
const patienceMs = 300_000;

/** Asks until there is an answer. */
export async function until<Answer>(what: string, ask: () => Promise<Answer | null>, pollMs = pollMsDefault): Promise<Answer> {
  for (const deadline = monotonicMs() + patienceMs; ;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (monotonicMs() > deadline) throw new Error(`It took longer than ${patienceMs} ms until ${what}.`);
    await delay(pollMs);
  }
}
