import { ProblemError, eventCatalogue, eventNameOf, readEventHeaders, validate } from '@kintsugi/contracts';
import type { JsMsg } from '@kintsugi/messaging';
import type { JobEvent, JobEventName } from '../domain/job-event.js';

/** The event that a message carries, or null for one that this version does not know. Throws the problem of a broken one. */
export function readJobEvent(message: Pick<JsMsg, 'headers' | 'string'>): JobEvent | null {
  const attributes = readEventHeaders((header) => message.headers?.get(header) ?? '');
  if (attributes === null) throw new ProblemError('VALIDATION_FAILED', 'The message is not a CloudEvent 1.0.');
  const name = eventNameOf(attributes.type);
  if (name === null || !isJobEvent(name)) return null;
  const text = message.string();
  const data = validate(eventCatalogue[name].data, jsonOf(text), 'data');
  // MongoDB takes no such key: the row would hold up those that are written with it.
  if (text.includes(String.raw`\u0000`) && hasKeyWithNul(data)) {
    throw new ProblemError('VALIDATION_FAILED', 'The event has a key with a NUL character.');
  }
  return { name, time: Date.parse(attributes.time), data } as JobEvent;
}

/** Of what job-service wrote: the checks for what anybody may send would cost more than all else here. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError('JSON_INVALID', 'The event is not valid JSON.');
  }
}

function isJobEvent(name: string): name is JobEventName {
  return name.startsWith('job.');
}

function hasKeyWithNul(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.includes('\0') || hasKeyWithNul(inner));
}
