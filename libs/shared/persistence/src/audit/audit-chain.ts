import { createHash } from 'node:crypto';
import { canonicalJson, type AuditEntry, type AuditHead } from '@kintsugi/contracts';
import type { AuditKey } from './audit-key.js';

/** What somebody wants to have written: all but its place in the chain. */
export type AuditDraft = Omit<AuditEntry, 'service' | 'seq' | 'previous' | 'key_id' | 'hash' | 'signature'>;

/** Where a chain ends. */
export type ChainEnd = Pick<AuditEntry, 'seq' | 'hash'>;

const halfCharacter = /\\ud[89a-f]/;

/** Before the first entry. */
export const chainStart: ChainEnd = { seq: 0, hash: '0'.repeat(64) };

/** The entry that a draft becomes behind the end of a chain. */
export function linked(service: AuditEntry['service'], draft: AuditDraft, end: ChainEnd, key: AuditKey | null): AuditEntry {
  const place = { service, seq: end.seq + 1, previous: end.hash, key_id: key?.publicKey.id ?? null };
  const said = wellFormed({ ...draft, ...place });
  const hash = hashOf(said);
  return { ...said, hash, signature: key?.sign(signedText({ ...place, hash })) ?? null };
}

/** The same without halves of characters: a database gives them back as something else, and the entry would look edited. */
function wellFormed<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  // JSON writes one as an escape. Few entries have any, and to look at each value of a large one takes long.
  if (!halfCharacter.test(text)) return JSON.parse(text) as Value;
  return JSON.parse(text, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part)) as Value;
}

/** Binds all that an entry says, and all entries before it. */
export function hashOf({ hash: _, signature: _of, ...said }: AuditDraft & Partial<AuditEntry>): string {
  return createHash('sha256').update(canonicalJson(said)).digest('hex');
}

/** What the signature of an entry is over: it can be checked from the head alone. */
export function signedText({ service, seq, hash }: Pick<AuditHead, 'service' | 'seq' | 'hash'>): string {
  return `kintsugi-audit-1\n${service}\n${seq}\n${hash}`;
}

export function headOfEntry({ service, seq, hash, key_id, signature }: AuditEntry): AuditHead {
  return { service, seq, hash, key_id, signature };
}
