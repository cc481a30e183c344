/** Messages of failures as services write them, each made from its number alone, and some that are made to take long. */

import { of, places, things, verbs } from './failure-words.js';

const hostileLength = 64 * 1024;

/** One of 1,000 kinds, with values that no other has: an address, a number, a time, a host and a port. */
export function failureMessage(n: number): string {
  const [verb, thing, place] = [of(verbs, n), of(things, Math.floor(n / 10)), of(places, Math.floor(n / 100))];
  const host = `10.${n % 250}.${Math.floor(n / 250) % 250}.7:${1_024 + (n % 40_000)}`;
  return `The ${place} ${thing} of user${n}@example.com was ${verb} by ${host} after ${n % 9_973} ms (request ${n.toString(16).padStart(12, '0')})`;
}

/** What a sorter of messages could be held up by: one long word, many, digits, brackets, quotes, marks, and no letters at all. */
export function hostileMessages(): string[] {
  const parts = [
    'a',
    'a ',
    '0',
    '0 ',
    '0x',
    '1.',
    '@',
    'a@',
    '<*> ',
    '"',
    '{"',
    '[',
    '/',
    ':',
    '=',
    '-',
    '\\',
    '%',
    '\u{1f600}',
    '\0',
  ];
  return parts.map((part) => part.repeat(Math.ceil(hostileLength / part.length)));
}
