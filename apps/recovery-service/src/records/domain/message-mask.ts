/**
 * Replaces what differs between two occurrences of one failure (addresses, ids, times, numbers) by placeholders, so that
 * what is left names the failure and holds nobody's data.
 *
 * Messages come from anywhere, so every pattern takes linear time: it starts at the edge of a word only, repeats classes
 * of characters that exclude what follows them, and bounds the rest.
 */

/** Characters of a message that are looked at. */
const inputLengthMax = 10_000;

type Mask = (text: string) => string;

const replace =
  (pattern: RegExp, placeholder: string): Mask =>
  (text) =>
    text.replace(pattern, placeholder);

const units = '%|[kmgtp]?i?b|bytes?|[nuµm]?s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?';

/** In the order in which they are applied: what may hold values of another kind goes before that kind. */
const masks: readonly Mask[] = [
  replace(/\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>`]+/gi, '<url>'),
  replace(/(?<!\w)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?!\w)/gi, '<uuid>'),
  maskAddresses,
  (text) => text.replace(/(?<![\w:.])[0-9a-f:.]{3,45}(?![\w:])/gi, (word) => (isIpv6(word) ? '<ip>' : word)),
  replace(/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?!\w|\.\d)/g, '<ip>'),
  replace(/(?<![\w:-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\w:-])/gi, '<mac>'),
  replace(
    /(?<!\w)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?(?!\w)/g,
    '<time>',
  ),
  replace(/(?<![\w:])\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]m)?(?![\w:])/gi, '<time>'),
  replace(/(?<![\w/.~>])(?:~|\.{1,2})?(?:\/[^\s/"'`<>:;,()]+){2,}\/?/g, '<path>'),
  replace(/(?<!\w)[a-z]:\\[^\s"'`<>:;,()]+/gi, '<path>'),
  replace(/(?<!\w)0x[0-9a-f]+(?!\w)/gi, '<hex>'),
  // Digits alone are a number: a counter must not change its group with its seventh digit.
  replace(/(?<!\w)(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,}(?!\w)/gi, '<hex>'),
  replace(/"[^"\n]*"|“[^“”\n]*”|«[^«»\n]*»|`[^`\n]*`|(?<!\w)'[^'\n]*'(?!\w)/g, '<str>'),
  replace(new RegExp(`(?<!\\w|\\d[.,])[-+]?\\d+(?:[.,]\\d+)*(?: ?(?:${units})(?!\\w))?(?!\\w)`, 'gi'), '<num>'),
];

/** The message with placeholders for what differs from case to case, on one line. */
export function maskMessage(message: string): string {
  return masks
    .reduce((text, mask) => mask(text), withoutTail(message))
    .replace(/\s+/g, ' ')
    .trim();
}

/** A value that the cut would halve might no longer look like what it is, so its word goes whole. */
function withoutTail(message: string): string {
  if (message.length <= inputLengthMax) return message;
  let end = inputLengthMax;
  while (end > 0 && !/\s/.test(message.charAt(end))) end -= 1;
  return message.slice(0, end);
}

/**
 * Masks every word with an @ inside. The sides of the word are found by walking from the @: a pattern would try each
 * character of a long word as its start.
 */
function maskAddresses(text: string): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', Math.max(at + 1, done))) {
    let start = at;
    while (start > done && !beforeAddress.test(text.charAt(start - 1))) start -= 1;
    // The quotation mark before an address is no part of it, but o'brien@example.com holds one.
    if (start + 1 < at && /['`]/.test(text.charAt(start))) start += 1;
    let end = at + 1;
    while (end < text.length && domainPart.test(text.charAt(end))) end += 1;
    // Nor is the full stop that ends the sentence.
    if (text.charAt(end - 1) === '.') end -= 1;
    if (start === at || end <= at + 1) continue;
    masked += `${text.slice(done, start)}<email>`;
    done = end;
  }
  return masked + text.slice(done);
}

const beforeAddress = /[\s"<>()[\],;:\\]/;
const domainPart = /[^\s!-,/:-?[-^`{-~]/;

function isIpv6(word: string): boolean {
  const groups = word.split(':');
  const last = groups.at(-1) ?? '';
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(last)) groups.splice(-1, 1, '0', '0');
  if (groups.length > 9 || !groups.every((group) => /^[0-9a-f]{0,4}$/i.test(group))) return false;
  const compressed = word.includes('::') && /[0-9a-f]/i.test(word);
  return compressed ? groups.length >= 3 : groups.length === 8 && groups.every((group) => group !== '');
}
