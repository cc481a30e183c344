import { RE2JS } from 're2js';
import { patternSize } from './pattern-size.js';

/** Patterns that are kept compiled; the oldest goes first. */
const keptMax = 200;

const kept = new Map<string, RE2JS>();

/** Instructions of a pattern: one of so many is made in milliseconds, and run over the longest stack in about a tenth of a second. */
const sizeMax = 1_500;

/** Why a text is no regular expression that may be used; null where it is one. One that is too large is not even made. */
export function patternFault(pattern: string): string | null {
  const size = patternSize(pattern);
  if (size > sizeMax) return `too large, ${size} steps with its counted repeats, ${sizeMax} are allowed`;
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
