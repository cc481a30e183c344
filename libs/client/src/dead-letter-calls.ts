import {
  deadLetterActions,
  serviceOfDeadLetter,
  type ActionInput,
  type ActionResponse,
  type AllDeadLettersPage,
  type DeadLetterDetails,
  type DeadLetterService,
  type ReplayedDeadLetter,
} from '@kintsugi/contracts';
import type { Act, Read } from './calls.js';

/** What services and webhooks could not take. */
export function deadLetterCalls(read: Read, act: Act) {
  // What names no service is refused by any of them.
  const actionsOf = (id: string) => deadLetterActions[serviceOfDeadLetter(id) ?? 'job'];
  return {
    /** Those of all services, newest first, and which of the services could not be asked. */
    listDeadLetters: (
      query: ActionInput<'listJobDeadLetters'> & { service?: DeadLetterService } = {},
    ): Promise<AllDeadLettersPage> => read('/v1/dead-letters', query),

    /** One, with what it says. */
    getDeadLetter: (id: string): Promise<DeadLetterDetails> => read(`/v1/dead-letters/${encodeURIComponent(id)}`),

    /** Has it handled once more, and says what became of that. One that was replayed with success is not again. */
    replayDeadLetter: (id: string): Promise<ReplayedDeadLetter> => act('/job-operations', actionsOf(id).replay, { id }),

    /** Removes it for good. */
    discardDeadLetter: (id: string): Promise<ActionResponse<'discardJobDeadLetter'>> =>
      act('/job-operations', actionsOf(id).discard, { id }),
  };
}
