import { ProblemError } from '../problem/problem.js';
import {
  deadLetterIdSchema,
  deadLetterPrefixes,
  deadLetterServices,
  type DeadLetterPage,
  type DeadLetterService,
  type DeadLetterView,
} from './dead-letter.js';

/** The last dead letter of a page: the next page is what stands behind it. */
export interface DeadLetterPlace {
  since: Date;
  id: string;
}

/** The service that keeps a dead letter; null where the id names none. */
export function serviceOfDeadLetter(id: string): DeadLetterService | null {
  const prefix = prefixOf(id);
  return deadLetterServices.find((service) => deadLetterPrefixes[service].some((own) => own === prefix)) ?? null;
}

/**
 * The first so many of several lists, each of which is in order: newest first, and of one moment in the order of the lists' prefixes.
 * @param hasMore whether more stands behind one of the lists
 */
export function newestDeadLetters(lists: readonly (readonly DeadLetterView[])[], limit: number, hasMore = false): DeadLetterPage {
  const all = lists
    .flat()
    .sort((one, other) => (one.since === other.since ? byPrefix(one, other) : one.since < other.since ? 1 : -1));
  const items = all.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: (hasMore || all.length > limit) && last ? `${last.since}_${last.id}` : null };
}

/** @throws CURSOR_INVALID where the text is no cursor of such a list */
export function deadLetterPlaceIn(cursor: string | undefined): DeadLetterPlace | null {
  if (cursor === undefined) return null;
  const [, time = '', id = ''] = /^(\d{4}-[\d:T.-]{5,20}Z)_(.+)$/.exec(cursor) ?? [];
  const since = new Date(time);
  if (!Number.isNaN(since.getTime()) && deadLetterIdSchema.safeParse(id).success) return { since, id };
  throw new ProblemError('CURSOR_INVALID', 'This cursor is not one of this list. Begin without a cursor.');
}

/**
 * What of a list with a prefix stands behind a place: all that is older, and of the same moment those behind `afterId`; all of them
 * where that is empty, and none where it is null.
 */
export function behindPlace(prefix: string, { id }: DeadLetterPlace): string | null {
  const own = prefixOf(id);
  if (own === prefix) return id.slice(prefix.length + 1);
  return prefix < own ? null : '';
}

function byPrefix(one: DeadLetterView, other: DeadLetterView): number {
  const [first, second] = [prefixOf(one.id), prefixOf(other.id)];
  return first === second ? 0 : first < second ? -1 : 1;
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}
