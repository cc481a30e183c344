import type { AuditHead, AuditService } from '@kintsugi/contracts';
import { ChainCheck, type AuditPublicKey, type ChainFault } from '@kintsugi/persistence/audit-check';
import type { AuditPiece } from './audit-source.js';

export interface ChainVerdict {
  service: AuditService;
  /** Good entries from the first on. */
  entries: number;
  /** Those that a trusted key has signed. */
  signed: number;
  fault: ChainFault | null;
}

export interface AuditVerdict {
  ok: boolean;
  chains: ChainVerdict[];
  /** Ids of the keys that signatures were held against. */
  keys: string[];
  /** Whether one of those was named, and not taken from what is verified itself. */
  trusted: boolean;
}

export interface VerifyOptions {
  /** Those that have to be there; null: whichever there are. */
  services: readonly AuditService[] | null;
  keys: readonly AuditPublicKey[];
  signedFrom: number;
  /** Ends of the chains as they were once. */
  known: readonly AuditHead[];
}

/** Holds chains to what they say of themselves, to keys, and to ends that were kept elsewhere. */
export async function verifyAudit(pieces: AsyncIterable<AuditPiece>, options: VerifyOptions): Promise<AuditVerdict> {
  const { services, keys, signedFrom, known } = options;
  const chains = new Map<AuditService, { check: ChainCheck; fault: ChainFault | null; isWhole: boolean }>();
  const chainOf = (service: AuditService) => {
    const begun = chains.get(service);
    if (begun) return begun;
    const check = new ChainCheck(service, { keys, signedFrom });
    for (const head of known) if (head.service === service) check.expect(head);
    const chain = { check, fault: null, isWhole: false };
    chains.set(service, chain);
    return chain;
  };
  let current: AuditService | null = null;
  for await (const piece of pieces) {
    if (piece.kind === 'end') {
      const chain = chainOf(piece.service);
      chain.fault ??= chain.check.finish(piece.head);
      chain.isWhole = true;
      current = null;
      continue;
    }
    // An entry of another chain than the one under way belongs there as little as one that is made up.
    current ??= piece.entry.service;
    if (services && !services.includes(current)) continue;
    const chain = chainOf(current);
    chain.fault ??= chain.check.take(piece.entry);
  }
  for (const service of services ?? known.map((head) => head.service)) chainOf(service);
  const verdicts = [...chains].map(([service, { check, fault, isWhole }]): ChainVerdict => {
    const cut: ChainFault = { kind: 'truncated', service, seq: check.entries + 1, detail: 'The end of its export is missing.' };
    return { service, entries: check.entries, signed: check.signatures, fault: fault ?? (isWhole ? null : cut) };
  });
  return {
    ok: verdicts.length > 0 && verdicts.every(({ fault }) => fault === null),
    chains: verdicts,
    keys: keys.map(({ id }) => id),
    trusted: keys.length > 0,
  };
}
