import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  deadLetterActions,
  deadLetterServices,
  newestDeadLetters,
  serviceOfDeadLetter,
  type ActionInput,
  type AllDeadLettersPage,
  type DeadLetterDetails,
  type DeadLetterService,
  type ServiceAway,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Backend } from '../../nats/backend.js';

const limitDefault = 50;

/** Asks the services for what they could not handle. */
@Injectable()
export class ReadDeadLetters {
  constructor(private readonly backend: Backend) {}

  /**
   * A page of all services together; their order is one, so a cursor is good for each of them. Letters are looked for most while a
   * service is away: those of the others are told all the same.
   */
  async list(
    service: DeadLetterService | undefined,
    request: ActionInput<'listJobDeadLetters'>,
    origin: Origin,
  ): Promise<AllDeadLettersPage> {
    const { limit = limitDefault } = request;
    const services = service === undefined ? deadLetterServices : [service];
    const answers = await Promise.all(
      services.map((asked) => this.backend.ask(deadLetterActions[asked].list, { ...request, limit }, origin).catch(passing)),
    );
    const pages = answers.flatMap((answer) => (answer instanceof ProblemError ? [] : [answer]));
    const [first] = answers;
    if (pages.length === 0 && first instanceof ProblemError) throw first;
    const away = services.flatMap((asked, index): ServiceAway[] => {
      const answer = answers[index];
      return answer instanceof ProblemError ? [{ service: asked, code: answer.code, detail: answer.message }] : [];
    });
    const lists = pages.map(({ items }) => items);
    // All that came may fit, and one of them may have more.
    const hasMore = pages.some(({ next_cursor: next }) => next !== null);
    return { ...newestDeadLetters(lists, limit, hasMore), away };
  }

  get(id: string, origin: Origin): Promise<DeadLetterDetails> {
    return this.backend.ask(deadLetterActions[serviceOfDeadLetter(id) ?? 'job'].get, { id }, origin);
  }
}

/** What is wrong with the request is so for all of them. */
function passing(error: unknown): ProblemError {
  if (error instanceof ProblemError && error.retryable) return error;
  throw error;
}
