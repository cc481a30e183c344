import { Injectable } from '@nestjs/common';
import {
  deadLetterActions,
  deadLetterServices,
  newestDeadLetters,
  serviceOfDeadLetter,
  type ActionInput,
  type DeadLetterDetails,
  type DeadLetterPage,
  type DeadLetterService,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Backend } from '../../nats/backend.js';

const limitDefault = 50;

/** Asks the services for what they could not handle. */
@Injectable()
export class ReadDeadLetters {
  constructor(private readonly backend: Backend) {}

  /** A page of all services together; their order is one, so a cursor is good for each of them. */
  async list(
    service: DeadLetterService | undefined,
    request: ActionInput<'listJobDeadLetters'>,
    origin: Origin,
  ): Promise<DeadLetterPage> {
    const { limit = limitDefault } = request;
    const services = service === undefined ? deadLetterServices : [service];
    const pages = await Promise.all(
      services.map((asked) => this.backend.ask(deadLetterActions[asked].list, { ...request, limit }, origin)),
    );
    const page = newestDeadLetters(
      pages.map(({ items }) => items),
      limit,
    );
    // All that came may fit, and one of them may have more.
    const hasMore = pages.some(({ next_cursor: next }) => next !== null);
    const last = page.items.at(-1);
    return { items: page.items, next_cursor: page.next_cursor ?? (hasMore && last ? `${last.since}_${last.id}` : null) };
  }

  get(id: string, origin: Origin): Promise<DeadLetterDetails> {
    return this.backend.ask(deadLetterActions[serviceOfDeadLetter(id) ?? 'job'].get, { id }, origin);
  }
}
