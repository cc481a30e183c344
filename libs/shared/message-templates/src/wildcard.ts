/** Stands for a value in a token: a character of no script, so that no message means anything else by it. */
export const wildcard = '\uE000';

const spacedWildcard = ` ${wildcard}`;

/** What a person reads in its place. */
const shown = '<*>';

/** Whether a token is a value. It carries the space before it, so two texts are. */
export function isWild(token: string): boolean {
  return token === wildcard || token === spacedWildcard;
}

/** The wildcard in the place of a token. */
export function asWild(token: string): string {
  return token.startsWith(' ') ? spacedWildcard : wildcard;
}

/** A template as people read it. */
export function templateText(tokens: readonly string[]): string {
  return tokens.join('').replaceAll(wildcard, shown);
}
