import { wildcard } from './wildcard.js';

/**
 * Replaces what is a value by its looks (addresses, ids, times, paths, numbers) by the wildcard.
 *
 * Messages come from anywhere, so every pattern takes linear time: it starts at the edge of a word only, repeats classes
 * of characters that exclude what follows them, and bounds the rest.
 */

const months = '(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}';
const weekdays = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}';
const clock = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?`;
const zone = String.raw`(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?`;
const units =
  '%|[kmgtp]?i?b|bytes?|[nuµm]?s|msecs?|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|[kmg]?hz|(?:milli|micro|nano)seconds?';

/** What a name may be made of, a host's or a package's. */
const label = String.raw`[\w-]{1,63}`;
const pathPart = String.raw`[^\s/"'\x60<>:;,()[\]{}=]+`;

const between = (before: string, pattern: string, after: string, flags = 'gi'): RegExp =>
  new RegExp(`(?<!${before})(?:${pattern})(?!${after})`, flags);

interface Mask {
  pattern: RegExp;
  /** What occurs in every text that the pattern can match: quick to look for. */
  sign: RegExp;
}

const digit = /\d/;
const colon = /:/;

/** In the order in which they are applied: what may hold values of another kind goes before that kind. */
const masks: readonly Mask[] = [
  // Addresses of the web, of people, of machines.
  { sign: /:\/\//, pattern: /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>`,;)\]]+/gi },
  { sign: /-/, pattern: between('[a-z0-9]', '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', '[a-z0-9]') },
  { sign: /@/, pattern: between('[\\w.+-]', `[\\w.+-]{1,64}@${label}(?:\\.${label}){1,8}`, '\\w') },
  // A quoted path may hold spaces.
  { sign: /["'`]/, pattern: /(["'`])(?:~?\/|\.{1,2}\/|[a-z]:\\)[^"'`\n]{0,300}\1/gi },
  { sign: colon, pattern: between('[\\w:-]', '(?=[a-f:-]*\\d)[0-9a-f]{2}(?:[:-][0-9a-f]{2}){4,40}', '[\\w:-]') },
  {
    sign: /::|:[0-9a-f]*:/i,
    pattern: between(
      '[\\w:.]',
      '(?=[a-f:]*\\d)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){1,6}:(?:[0-9a-f]{1,4}|\\d+(?:\\.\\d+){3})',
      '[\\w:.]',
    ),
  },
  { sign: digit, pattern: between('[\\w.]', String.raw`\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?`, String.raw`\w|\.\d`) },
  // Times.
  { sign: digit, pattern: between('[\\w:]', String.raw`\d{4}[-/.]\d{2}[-/.]\d{2}(?:[T ]${clock}${zone})?`, '\\w') },
  {
    sign: digit,
    pattern: between(
      '[\\w:]',
      `(?:${weekdays},? {1,3})?${months} {1,3}\\d{1,2}(?: {1,3}${clock})?(?: [A-Z]{3,4})?(?: {1,3}\\d{4})?`,
      '\\w',
    ),
  },
  { sign: colon, pattern: between('[\\w:]', `${clock}(?: ?[ap]m)?${zone}`, '[\\w:]') },
  // Places in a file system, names of hosts and packages.
  { sign: /\//, pattern: new RegExp(String.raw`(?<![\w.~>])(?:~|\.{1,2})?(?:/{1,3}${pathPart})+/?`, 'g') },
  { sign: /:\\/, pattern: /(?<!\w)[a-z]:\\[^\s"'`<>:;,()]+/gi },
  {
    sign: /\..*\./,
    pattern: between('[\\w.-]', `(?:${label}\\.){2,12}[a-z][\\w-]*(?::\\d{1,5})?`, String.raw`\w|\.\w|:\d`, 'g'),
  },
  { sign: colon, pattern: between('[\\w.-]', `(?:${label}\\.){1,12}[a-z][\\w-]*:\\d{1,5}`, '\\w', 'g') },
  // Numbers.
  { sign: /0x/i, pattern: between('[a-z0-9]', '0x[0-9a-f]+', '[a-z0-9]') },
  // Digits alone are a number: a counter must not change its group with its seventh digit.
  { sign: digit, pattern: between('\\w', '(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,}', '\\w') },
  { sign: /[0-9a-f]{8}/i, pattern: between('\\w', '(?!\\d)[0-9a-f]{8}', '\\w', 'g') },
  { sign: digit, pattern: /(?<=[A-Za-z][_.#-]{1,2}|[A-Za-z]{2})-?\d{2,}|(?<=[A-Za-z][_.#-]{1,2})-?\d+/g },
  { sign: /["'`]/, pattern: /"[^"\s]{1,100}"|(?<!\w)'[^'\s]{1,100}'(?!\w)|`[^`\s]{1,100}`/g },
  {
    sign: digit,
    pattern: new RegExp(
      String.raw`(?<![A-Za-z0-9]|\d[.,])[<>]?[-+]?v?\d+(?:[.,]\d+)*(?: ?(?:${units})(?![A-Za-z0-9]))?(?![A-Za-z0-9])`,
      'gi',
    ),
  },
];

/** The words of "from A to B" are the two ends of whatever moved. */
const ends = /\bfrom ([\w.-]+) to ([\w.-]+)/gi;

export function maskValues(text: string): string {
  let masked = text.replace(ends, `from ${wildcard} to ${wildcard}`);
  for (const { sign, pattern } of masks) if (sign.test(masked)) masked = masked.replace(pattern, wildcard);
  return masked;
}
