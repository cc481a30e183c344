import { types } from 'node:util';

/** What was thrown and what it says caused it: each read once, because a getter may throw or give something else. */
export interface ErrorLink {
  /** As it was thrown or given as a cause. */
  value: unknown;
  /** Whether it is an error, of any realm; its name and text, or what else can be said in their place. */
  isError: boolean;
  name: string | undefined;
  text: string;
  stack: string | undefined;
  causes: ErrorLink[];
}

/** Errors looked at in one failure: causes may go in circles or be made anew at each look. */
const linksMax = 100;
const entriesMax = 20;
const entryLengthMax = 300;
const nestingMax = 2;

/** An answer that may throw instead: then there is none. */
export function asked<Answer>(question: () => Answer): Answer | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}

/** A text with something in it, if that is the answer. */
export function given(question: () => unknown): string | undefined {
  const answer = asked(question);
  return typeof answer === 'string' && answer !== '' ? answer : undefined;
}

/** The tree of an error and its causes: `Error.cause`, the errors of an AggregateError and of a SuppressedError. */
export function chainOf(error: unknown): ErrorLink {
  const seen = new Set<unknown>();
  let left = linksMax;
  const linkOf = (value: unknown): ErrorLink => {
    left -= 1;
    if (isObject(value)) seen.add(value);
    const causes: ErrorLink[] = [];
    for (const cause of causesOf(value)) {
      if (left > 0 && !(isObject(cause) && seen.has(cause))) causes.push(linkOf(cause));
    }
    return { value, causes, ...sayingsOf(value) };
  };
  return linkOf(error);
}

/** What an error's property holds; undefined where there is none, or where it cannot be read. */
export function propertyOf(value: unknown, name: string): unknown {
  return isObject(value) ? asked(() => (value as Record<string, unknown>)[name]) : undefined;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function causesOf(value: unknown): unknown[] {
  const cause = propertyOf(value, 'cause');
  const errors = propertyOf(value, 'errors');
  const listed = asked(() => (Array.isArray(errors) ? (errors.slice(0, linksMax) as unknown[]) : [])) ?? [];
  const suppressed =
    propertyOf(value, 'name') === 'SuppressedError' ? [propertyOf(value, 'suppressed'), propertyOf(value, 'error')] : [];
  return [cause, ...listed.filter(isObject), ...suppressed].filter((found) => found !== undefined && found !== null);
}

function sayingsOf(value: unknown): Omit<ErrorLink, 'value' | 'causes'> {
  const message = propertyOf(value, 'message');
  const hasText = typeof message === 'string';
  return {
    isError: hasText || types.isNativeError(value),
    name: given(() => propertyOf(value, 'name')),
    text: hasText ? message : (given(() => wordsOf(message === undefined ? value : message)) ?? ''),
    stack: given(() => propertyOf(value, 'stack')),
  };
}

/**
 * What is no error, in words: an object by what it holds, unquoted, because what stands in quotes counts as a value
 * when failures are grouped.
 */
function wordsOf(value: unknown, nesting = 0): string {
  if (!isObject(value)) return String(value);
  if (typeof value === 'function') return `a function ${value.name}`.trim();
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  const names = Object.keys(value);
  if (names.length === 0) return ownWords(value);
  const words = names.slice(0, entriesMax).map((name): string => {
    // A getter is not asked: it may do anything.
    const inner: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
    const word = isObject(inner) && nesting >= nestingMax ? '…' : (asked(() => wordsOf(inner, nesting + 1)) ?? '…');
    const bounded = word.slice(0, entryLengthMax);
    return Array.isArray(value) ? bounded : `${name.slice(0, entryLengthMax)}: ${isObject(inner) ? `{${bounded}}` : bounded}`;
  });
  return `${words.join(', ')}${names.length > entriesMax ? ', …' : ''}`;
}

/** What an object that shows no properties says of itself: a response its status, any other its text if it has one. */
function ownWords(value: object & { toString?: () => string }): string {
  const { status, statusText } = value as { status?: unknown; statusText?: unknown };
  if (typeof status === 'number') return ['HTTP', status, statusText].filter((word) => word).join(' ');
  const text = value.toString?.() ?? '';
  return /^\[object \w+\]$/.test(text) ? '' : text;
}
