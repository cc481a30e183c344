import { limits } from '../limits.js';
import { jsonFaultAt } from './json-fault.js';
import { ProblemError } from './problem.js';

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
 * Parses JSON from outside: bounded depth, no `__proto__` or `constructor.prototype`, a position in the report.
 * Keys are checked only where the text holds one of the two words.
 */
export function parseJson(text: string, path = ''): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw jsonProblem(text, path, error);
  }
  if (nestsTooDeep(text, value)) {
    throw new ProblemError('JSON_TOO_DEEP', `${path || 'The JSON'} is nested deeper than ${limits.jsonDepth} levels.`, {
      errors: [{ path, rule: 'TOO_DEEP', allowed: `at most ${limits.jsonDepth} levels` }],
    });
  }
  if (/__proto__|constructor|\\u/i.test(text)) refusePrototypeKeys(value, path);
  return value;
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

/** A text with few brackets cannot nest deep; only the others are walked. */
function nestsTooDeep(text: string, value: unknown): boolean {
  let opened = 0;
  for (let at = nextBracket(text, 0); at >= 0; at = nextBracket(text, at + 1)) {
    opened += 1;
    if (opened > limits.jsonDepth) return jsonDepth(value) > limits.jsonDepth;
  }
  return false;
}

function nextBracket(text: string, from: number): number {
  const brace = text.indexOf('{', from);
  const bracket = text.indexOf('[', from);
  if (brace < 0) return bracket;
  return bracket < 0 ? brace : Math.min(brace, bracket);
}

/** The deepest nesting of arrays and objects, counted without recursion; stops just past the limit. */
export function jsonDepth(value: unknown): number {
  let level: unknown[] = [value];
  for (let depth = 0; ; depth += 1) {
    const next: unknown[] = [];
    let containers = 0;
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      containers += 1;
      for (const inner of Array.isArray(item) ? item : Object.values(item)) {
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    if (containers === 0 || depth > limits.jsonDepth) return depth;
    level = next;
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
