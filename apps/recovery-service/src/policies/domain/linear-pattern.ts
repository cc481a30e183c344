import { RE2JS } from 're2js';

/** Patterns that are kept compiled; the oldest goes first. */
const keptMax = 200;

const kept = new Map<string, RE2JS>();

/** Why a text is no regular expression; null where it is one. */
export function patternFault(pattern: string): string | null {
  try {
    compiled(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether a pattern is found in a text, in time that grows with its length alone, whatever the pattern. */
export function isFoundIn(pattern: string, text: string): boolean {
  return compiled(pattern).matcher(text).find();
}

function compiled(pattern: string): RE2JS {
  const known = kept.get(pattern);
  if (known) return known;
  const made = RE2JS.compile(pattern);
  if (kept.size >= keptMax) for (const oldest of kept.keys()) if (kept.size >= keptMax) kept.delete(oldest);
  kept.set(pattern, made);
  return made;
}
