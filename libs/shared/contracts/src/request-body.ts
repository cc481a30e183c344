import { decodeUtf8, parseJson } from './json/parse-json.js';
import { textFieldOf, type ActionInput, type ActionName } from './operations.js';

const lineFeed = 0x0a;

/** A request as it travels: JSON, and behind a line feed the field that its action sends as it is, where it has one. */
export function requestBodyOf<Action extends ActionName>(action: Action, data: ActionInput<Action>): string {
  const field = textFieldOf(action);
  if (field === null) return JSON.stringify(data);
  const { [field]: text, ...rest } = data as Record<string, unknown>;
  return typeof text === 'string' ? `${JSON.stringify(rest)}\n${text}` : JSON.stringify(data);
}

/** The same, where the lines of that field are bytes already: UTF-8 that goes on as it came. */
export function requestBytesOf(fields: object, lines: readonly Uint8Array[]): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(fields));
  const body = new Uint8Array(lines.reduce((sum, line) => sum + 1 + line.length, head.length));
  body.set(head);
  let end = head.length;
  for (const line of lines) {
    body[end] = lineFeed;
    body.set(line, end + 1);
    end += 1 + line.length;
  }
  return body;
}

/** What such a body carries, checked as JSON from outside is; an empty one reads as an empty object. */
export function requestFrom(action: string, body: Uint8Array): unknown {
  if (body.length === 0) return {};
  const field = textFieldOf(action);
  const end = field === null ? -1 : body.indexOf(lineFeed);
  const fields = parseJson(textOf(end < 0 ? body : body.subarray(0, end)), 'data');
  if (field === null || end < 0 || !isObject(fields)) return fields;
  return { ...fields, [field]: textOf(body.subarray(end + 1)) };
}

function textOf(bytes: Uint8Array): string {
  return decodeUtf8(bytes, 'The message');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
