import type { ErrorGroup } from '@kintsugi/contracts';
import { count } from '../terminal/quantities.js';
import { wrap } from '../terminal/text-width.js';

const inGeneral = './kintsugi errors --group ID shows them, ./kintsugi recover ID runs them again.';
const ofUnknownOutcome =
  'Where the outcome is unknown, the worker of an unsafe task was lost and the task may have taken effect. Find out whether it has; ./kintsugi recover ID --force runs it again all the same.';

/** What to do about groups of failures in which something waits for a person; nothing where nothing does. */
export function waitingAdvice(groups: readonly ErrorGroup[], columns: number): string[] {
  if (!groups.some(({ waiting }) => waiting > 0)) return [];
  const unknown = groups.some(({ outcome_unknown }) => outcome_unknown > 0);
  return [...wrap(inGeneral, columns), ...(unknown ? wrap(ofUnknownOutcome, columns) : [])];
}

/** How many of a group wait for a person: `5 waiting for you, 2 of unknown outcome`. */
export function waitingWords({ waiting, outcome_unknown }: ErrorGroup): string {
  return `${count(waiting)} waiting for you${outcome_unknown > 0 ? `, ${count(outcome_unknown)} of unknown outcome` : ''}`;
}
