import { limits } from '../limits.js';
import { ProblemError } from '../problem/problem.js';
import { inexactNumberIn, inexactNumberProblem, parseExactly, type InexactNumbers } from './inexact-number.js';
import { jsonFaultAt } from './json-fault.js';

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d] as const;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The text of bytes that must be UTF-8. */
export function decodeUtf8(bytes: Uint8Array, path = ''): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ProblemError('ENCODING_INVALID', `${path || 'The body'} is not valid UTF-8.`, {
      errors: [{ path, rule: 'ENCODING', got: 'bytes that are not UTF-8', allowed: 'UTF-8' }],
    });
  }
}

/**
 * Parses JSON from outside: bounded depth, no `__proto__` or `constructor.prototype`, no number that changes by being read unless
 * its text is what is kept, a position in the report. Keys are checked only where the text holds one of the two words.
 */
export function parseJson(text: string, path = '', numbers: InexactNumbers = 'refuse'): unknown {
  if (nestsTooDeep(text)) throw tooDeepProblem(path, `${limits.jsonDepth + 1} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw jsonProblem(text, path, error);
  }
  if (/__proto__|constructor|\\u/i.test(text)) refusePrototypeKeys(value, path);
  const inexact = numbers === 'refuse' ? inexactNumberIn(text) : null;
  if (inexact) throw inexactNumberProblem(text, inexact, path);
  return value;
}

/** The same, with a number that no double holds as its text; see parseExactly. */
export function parseJsonExactly(text: string, path = ''): unknown {
  const value = parseJson(text, path, 'keep');
  return inexactNumberIn(text) ? parseExactly(text) : value;
}

export function tooDeepProblem(path: string, got: string): ProblemError {
  return new ProblemError('JSON_TOO_DEEP', `${path || 'The JSON'} is nested deeper than ${limits.jsonDepth} levels.`, {
    errors: [{ path, rule: 'TOO_DEEP', got, allowed: `at most ${limits.jsonDepth} levels` }],
  });
}

function jsonProblem(text: string, path: string, error: unknown): ProblemError {
  const message = error instanceof Error ? error.message : '';
  const position = text.trim() === '' ? undefined : (/position (\d+)/.exec(message)?.[1] ?? String(jsonFaultAt(text)));
  const where = position ? ` at character ${position}` : ': it is empty';
  return new ProblemError('JSON_INVALID', `${path || 'The body'} is not valid JSON${where}.`, {
    errors: [
      { path, rule: 'JSON', got: position ? `an error at character ${position}` : 'text that is not JSON', allowed: 'JSON' },
    ],
  });
}

/** Whether a text nests arrays and objects deeper than allowed. One with few brackets, as most are, cannot. */
export function nestsTooDeep(text: string): boolean {
  let opened = 0;
  for (let at = nextBracket(text, 0); at >= 0; at = nextBracket(text, at + 1)) {
    opened += 1;
    if (opened > limits.jsonDepth) return jsonDepth(text) > limits.jsonDepth;
  }
  return false;
}

function nextBracket(text: string, from: number): number {
  const brace = text.indexOf('{', from);
  const bracket = text.indexOf('[', from);
  if (brace < 0) return bracket;
  return bracket < 0 ? brace : Math.min(brace, bracket);
}

/** The deepest nesting in a text; counting stops just past the limit. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length && deepest <= limits.jsonDepth; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at);
        break;
      case openBrace:
      case openBracket:
        depth += 1;
        deepest = Math.max(deepest, depth);
        break;
      case closeBrace:
      case closeBracket:
        depth -= 1;
    }
  }
  return deepest;
}

/** The quote that closes a string: the first one that no odd number of backslashes precedes; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    if (end < 0) return text.length;
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
}

function refusePrototypeKeys(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    const poisonous =
      key === '__proto__' || (key === 'constructor' && typeof inner === 'object' && inner !== null && 'prototype' in inner);
    if (poisonous) {
      throw new ProblemError('JSON_INVALID', `${path || 'The JSON'} has the forbidden key ${key}.`, {
        errors: [{ path: path ? `${path}.${key}` : key, rule: 'FORBIDDEN_KEY', got: key, allowed: 'any other key' }],
      });
    }
    refusePrototypeKeys(inner, path ? `${path}.${key}` : key);
  }
}
