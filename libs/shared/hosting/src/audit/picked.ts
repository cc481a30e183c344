import type { AuditEntry } from '@kintsugi/contracts';

export type Seen = AuditEntry['before'];

const textMax = 300;
const bytesMax = 8 * 1024;

/** Some fields of something, as JSON: long texts are cut, and what is too large is told by its size. */
export function picked(value: unknown, fields: readonly string[]): Seen {
  if (typeof value !== 'object' || value === null) return null;
  const given = value as Record<string, unknown>;
  const kept = fields.filter((field) => given[field] !== undefined).map((field) => [field, given[field]] as const);
  if (kept.length === 0) return null;
  const text = JSON.stringify(Object.fromEntries(kept), (_, part: unknown) =>
    typeof part === 'string' && part.length > textMax ? `${part.slice(0, textMax)}…` : part,
  );
  return Buffer.byteLength(text) > bytesMax ? { bytes: Buffer.byteLength(text) } : (JSON.parse(text) as NonNullable<Seen>);
}
