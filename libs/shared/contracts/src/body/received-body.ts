import { decodeUtf8, parseJson } from '../json/parse-json.js';
import { limits } from '../limits.js';
import { ProblemError } from '../problem/problem.js';
import type { BodyScan, BodyShape } from './body-scan.js';
import { InlineTasks } from './inline-tasks.js';

/** A JSON body of which only the rest has been parsed: its tasks, if there is a list of them, are still bytes. */
export interface ReceivedBody {
  /** The body with an empty list in the place of its tasks. */
  rest: unknown;
  tasks: InlineTasks | null;
}

/** Reads a body that has come whole; what is refused before that, the scan refuses. */
export function receivedBody(body: Uint8Array, scan: BodyScan, shape: BodyShape): ReceivedBody {
  const { root, listAt } = shape;
  const listPath = [root, ...listAt].filter((key) => key !== '').join('.');
  if (scan.isCutOff) throw told(body, root, openList(listPath));
  const { items, listStart, listEnd } = scan;
  if (!items) return { rest: parseJson(decodeUtf8(body), root), tasks: null };
  const rest = parseRest(body, listStart, listEnd, root);
  if (!isEmptyList(listAt.reduce(fieldOf, rest))) throw repeated(listPath);
  return { rest, tasks: new InlineTasks(body, items, listPath) };
}

function parseRest(body: Uint8Array, listStart: number, listEnd: number, root: string): unknown {
  const text = decodeUtf8(body.subarray(0, listStart)) + decodeUtf8(body.subarray(listEnd));
  try {
    return parseJson(text, root);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'JSON_INVALID') throw told(body, root, error);
    throw error;
  }
}

/** The fault as it is seen in the body as a whole, which counts its characters all; of a large one it is not looked for. */
function told(body: Uint8Array, root: string, fault: ProblemError): ProblemError {
  if (body.length > limits.bodyRestBytes) return fault;
  try {
    parseJson(decodeUtf8(body), root, 'keep');
  } catch (error) {
    if (error instanceof ProblemError) return error;
  }
  return fault;
}

function openList(path: string): ProblemError {
  return new ProblemError('JSON_INVALID', `${path} is not valid JSON: the list does not end. Nothing was accepted.`, {
    errors: [{ path, rule: 'JSON', got: 'a list without its end', allowed: 'JSON' }],
  });
}

/** An object may say a key twice, of which the last counts: the list that was found may not be the one that is meant. */
function repeated(path: string): ProblemError {
  return new ProblemError(
    'VALIDATION_FAILED',
    `${path}: DUPLICATE, a key that leads to it is given twice. Nothing was accepted.`,
    {
      errors: [{ path, rule: 'DUPLICATE', got: 'a key given twice', allowed: 'each key once' }],
    },
  );
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
