import { ProblemError } from '../problem/problem.js';
import { jsonPathAt } from './json-path.js';

/** What becomes of a number that no double holds: it is refused, or its text is kept as it came. */
export type InexactNumbers = 'refuse' | 'keep';

/** Digits up to which any decimal comes back from a double as it was, within the powers of ten that a double has to the full. */
const safeDigits = 15;
const safePower = 290;
/** As many digits as toPrecision gives. */
const digitsMax = 100;
const [zero, quote] = [0x30, 0x22] as const;

/** Only a number with sixteen digits or an exponent may be one. Most texts hold none, also not in their strings. */
const suspicious = /\d(?:[\d.]{15}|[eE][-+\d])/;
/** The same, where a number may stand. */
const suspiciousPlace = /(?:^|[[:,\s])-?\d(?:[\d.]{15}|[\d.]*[eE])/;
/** Numbers whose digits and powers are safe at first sight. */
const plain = /^-?[\d.]{1,15}(?:[eE][-+]?\d\d?)?$/;
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;

interface FoundNumber {
  literal: string;
  offset: number;
}

/** The first number of a JSON text that no double holds, or null. */
export function inexactNumberIn(text: string): FoundNumber | null {
  if (!suspicious.test(text) || !suspiciousPlace.test(text)) return null;
  stringOrNumber.lastIndex = 0;
  for (let found = stringOrNumber.exec(text); found; found = stringOrNumber.exec(text)) {
    const [literal] = found;
    if (literal.charCodeAt(0) !== quote && !isExact(literal)) return { literal, offset: found.index };
  }
  return null;
}

/** The value of a text that is JSON. A number that no double holds becomes what JSON.stringify writes again as it came. */
export function parseExactly(text: string): unknown {
  if (!inexactNumberIn(text)) return JSON.parse(text);
  const json = JSON as unknown as JsonWithSources;
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && !isExact(source) ? json.rawJSON(source) : value,
  );
}

export function inexactNumberProblem(text: string, { literal, offset }: FoundNumber, root: string): ProblemError {
  const path = jsonPathAt(text, offset, root);
  const got = literal.length <= 100 ? literal : `${literal.slice(0, 100)}… (${literal.length} characters)`;
  return new ProblemError(
    'NUMBER_INEXACT',
    `${path || 'The body'}: ${got} is a number that no double holds; it would be read as ${String(Number(literal))}. Send it as a string. Nothing was accepted.`,
    { errors: [{ path, rule: 'INEXACT', got, allowed: 'a number that a double holds, or a string' }] },
  );
}

/** Whether the double nearest to a number is that number, to all the digits that are given. */
export function isExact(literal: string): boolean {
  if (plain.test(literal)) return true;
  const given = decimalOf(literal);
  if (given.digits === '') return true;
  if (given.digits.length <= safeDigits && Math.abs(given.power + given.digits.length) < safePower) return true;
  const nearest = Number(literal);
  if (given.digits.length > digitsMax || !Number.isFinite(nearest) || nearest === 0) return false;
  // Of two decimals that are equally near, a double is written as one and rounded to the other.
  return [nearest.toPrecision(given.digits.length), String(nearest)].some((held) => {
    const { digits, power } = decimalOf(held);
    return digits === given.digits && power === given.power;
  });
}

/** A number without its sign as digits, the first and the last of which are not zero, and the power of ten they are multiplied by. */
function decimalOf(literal: string): { digits: string; power: number } {
  const exponentAt = literal.search(/[eE]/);
  const start = literal.startsWith('-') ? 1 : 0;
  const mantissa = literal.slice(start, exponentAt < 0 ? literal.length : exponentAt);
  const exponent = exponentAt < 0 ? 0 : Number(literal.slice(exponentAt + 1));
  const dotAt = mantissa.indexOf('.');
  const all = dotAt < 0 ? mantissa : mantissa.slice(0, dotAt) + mantissa.slice(dotAt + 1);
  let [first, end] = [0, all.length];
  while (first < end && all.charCodeAt(first) === zero) first += 1;
  while (end > first && all.charCodeAt(end - 1) === zero) end -= 1;
  const fractionDigits = dotAt < 0 ? 0 : mantissa.length - dotAt - 1;
  return { digits: all.slice(first, end), power: exponent - fractionDigits + (all.length - end) };
}

/** What the language has and its declarations lack. */
interface JsonWithSources {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}
