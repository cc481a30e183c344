import { asWild, isWild, wildcard } from './wildcard.js';

/**
 * The tokens of a masked message: words and punctuation, each with the space before it, so that joined they are the
 * message again. Values that stand beside one another are one: how many there are says nothing about the kind of message.
 */
export function tokensOf(masked: string, limit: number): string[] {
  const tokens: string[] = [];
  for (const [token] of masked
    .replace(/\s+/g, ' ')
    .trim()
    .matchAll(/ ?(?:\.{2,}|[=,:;()[\]{}"'<>|]|(?:(?!\.\.)[^ =,:;()[\]{}"'<>|])+)/g)) {
    tokens.push(asValue(token));
    // Counted before values are joined: the work is bounded, not only what comes of it.
    if (tokens.length >= limit) break;
  }
  return joinValues(tokens);
}

/** A word that holds a value is one: blk_17 and blk_18 are two of a kind. So is one with numbers in several places, or a long one: it is made. */
function asValue(token: string): string {
  return token.includes(wildcard) || token.length > wordMax || /\d\D+\d/.test(token) ? asWild(token) : token;
}

/** Letters of a word that somebody wrote. */
const wordMax = 80;

export function joinValues(tokens: readonly string[]): string[] {
  const joined: string[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (isWild(token) && last !== undefined) {
      if (isWild(last)) continue;
      if (joiners.has(last.trim()) && isWildAt(joined, -2)) {
        joined.pop();
        continue;
      }
    }
    joined.push(token);
    dropAside(joined);
    dropRepetition(joined);
  }
  return joined;
}

const joiners = new Set([',', '|', '-', '/', ':', '.', 'x', '*', '+']);

/** `12 (0.5 KB)` and `10.0.0.1 ()`: what stands in brackets after a value says it once more. */
function dropAside(tokens: string[]): void {
  if (!/^ ?[)\]]$/.test(tokens.at(-1) ?? '')) return;
  const size = isWildAt(tokens, -2) ? 3 : 2;
  if (/^ ?[([]$/.test(tokens.at(-size) ?? '') && isWildAt(tokens, -size - 1)) tokens.length -= size;
}

/** Tokens of a repeated phrase that is looked for, at most. */
const phraseMax = 8;

/** `iar 1, dear 2, iar 3, dear 4`: a phrase with values that repeats is a list. */
function dropRepetition(tokens: string[]): void {
  for (let size = 2; size <= phraseMax && 2 * size <= tokens.length; size += 1) {
    const start = tokens.length - size;
    let holdsValue = false;
    let same = true;
    for (let at = start; at < tokens.length && same; at += 1) {
      const token = tokens[at] ?? '';
      // The first of all has no space before it.
      same = token === tokens[at - size] || (at === size && token === ` ${tokens[0] ?? ''}`);
      if (isWild(token)) holdsValue = true;
    }
    if (same && holdsValue) {
      tokens.length = start;
      return;
    }
  }
}

function isWildAt(tokens: readonly string[], at: number): boolean {
  const token = tokens.at(at);
  return token !== undefined && isWild(token);
}
