import { asWild, isWild } from './wildcard.js';
import { isTelling } from './slots.js';

/** Tokens of a word that are taken for one value, at most. */
const spanMax = 5;

/**
 * These tokens with one value in the place of several of them that stand without space between them and hold a value:
 * `name=popup:<*>` may be what was `name=<*>` before.
 */
export function* absorptionsOf(tokens: readonly string[]): Generator<readonly string[]> {
  const telling = tokens.filter(isTelling).length;
  for (let start = 0; start < tokens.length; start += 1) {
    let holdsValue = isWild(tokens[start] ?? '');
    let words = isTelling(tokens[start] ?? '') ? 1 : 0;
    for (let end = start + 1; end < tokens.length && end < start + spanMax; end += 1) {
      const token = tokens[end] ?? '';
      if (token.startsWith(' ')) break;
      if (isWild(token)) holdsValue = true;
      else if (isTelling(token)) words += 1;
      if (!holdsValue || words === telling) continue;
      yield [...tokens.slice(0, start), asWild(tokens[start] ?? ''), ...tokens.slice(end + 1)];
    }
  }
}
