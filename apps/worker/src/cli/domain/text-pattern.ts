const controlCharacter = /\p{Cc}/u;
/** Two dots as a part of a path, which lead out of whatever folder stands before them. */
const wayUp = /(?:^|[^\w.])\.\.(?:[/\\]|$)/;

/**
 * Whether an argument is one that a pattern allows. `*` stands for any text without control characters, and not for a dash at
 * the beginning: whoever allows a file name allows no option. Nor does it stand for two dots in a path: whoever allows a folder allows no other. `**` stands for any text whatever.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern === '**') return true;
  if (!pattern.includes('*')) return text === pattern;
  if (controlCharacter.test(text) || (wayUp.test(text) && !wayUp.test(pattern))) return false;
  if (pattern.startsWith('*') && text.startsWith('-')) return false;
  return matchesParts(pattern.split('*'), text);
}

/** Each part is looked for once, from left to right: no text takes long, whatever the pattern. */
function matchesParts(parts: readonly string[], text: string): boolean {
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
