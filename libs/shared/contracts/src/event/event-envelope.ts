/** CloudEvents 1.0 in binary mode: attributes as `ce-*` headers, the data as the payload. */
export interface EventAttributes {
  id: string;
  type: string;
  source: string;
  /** What the event is about: one id, or the chunk or bundle whose members it lists. */
  subject: string;
  time: string;
}

const attributeNames = ['id', 'type', 'source', 'subject', 'time'] as const;

/** Header values keep to printable ASCII: the rest is percent-encoded, as the CloudEvents bindings ask. */
export function eventHeaders(attributes: EventAttributes): Record<string, string> {
  const headers: Record<string, string> = { 'ce-specversion': '1.0', 'content-type': 'application/json' };
  for (const name of attributeNames) headers[`ce-${name}`] = encodeHeader(attributes[name]);
  return headers;
}

/** The attributes of a received event, or null when it is not a CloudEvent 1.0. */
export function readEventHeaders(get: (header: string) => string): EventAttributes | null {
  if (!get('ce-specversion').startsWith('1.')) return null;
  const [id, type, source, subject, time] = attributeNames.map((name) => decodeHeader(get(`ce-${name}`)));
  return id && type && source ? { id, type, source, subject: subject ?? '', time: time ?? '' } : null;
}

function encodeHeader(value: string): string {
  return value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character.toWellFormed()));
}

function decodeHeader(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
