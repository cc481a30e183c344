import type { AuditEntry, AuditHead, AuditService } from '@kintsugi/contracts';
import { chainStart, hashOf, signedText, type ChainEnd } from './audit-chain.js';
import type { AuditPublicKey } from './audit-key.js';

/**
 * `edited`: what the entry says is not what its hash binds. `missing`: entries are gone from between others. `inserted`: one has
 * no place in the chain, or stands twice. `unlinked`: it follows on another entry than the one before it. `forged`: the chain holds together,
 * and none of the keys has signed it. `truncated`: entries are gone from the end.
 */
export type ChainFaultKind = 'edited' | 'missing' | 'inserted' | 'unlinked' | 'forged' | 'truncated';

export interface ChainFault {
  kind: ChainFaultKind;
  service: AuditService;
  /** The first entry that is broken or missing. */
  seq: number;
  detail: string;
}

export interface ChainCheckOptions {
  /** Keys that are trusted. With none, only hashes are held against each other. */
  keys: readonly AuditPublicKey[];
  /** From this place on each entry has to be signed. @default 1 */
  signedFrom?: number;
}

/** Holds a chain to what it says of itself, entry by entry from the first, and stops at the first that is broken. */
export class ChainCheck {
  private end: ChainEnd = chainStart;
  private signed = 0;
  private readonly known = new Map<number, AuditHead>();

  constructor(
    private readonly service: AuditService,
    private readonly options: ChainCheckOptions,
  ) {}

  /** Entries that were found good. */
  get entries(): number {
    return this.end.seq;
  }

  /** Those of them that one of the keys has signed. */
  get signatures(): number {
    return this.signed;
  }

  /** A head that was kept elsewhere: the chain has to go through it. Before the first entry is given. */
  expect(head: AuditHead): void {
    this.known.set(head.seq, head);
  }

  /** The fault of the next entry; null where it is good. */
  take(entry: AuditEntry): ChainFault | null {
    const expected = this.end.seq + 1;
    if (entry.service !== this.service) return this.fault('inserted', expected, `It is of the chain of ${entry.service}.`);
    if (entry.seq > expected) return this.gone(expected, entry.seq - 1);
    if (entry.seq !== expected) {
      return this.fault('inserted', entry.seq, `It stands behind entry ${this.end.seq}, where ${expected} belongs.`);
    }
    if (hashOf(entry) !== entry.hash) return this.fault('edited', expected, 'It says something else than its hash binds.');
    if (entry.previous !== this.end.hash) {
      return this.fault('unlinked', expected, `It follows on another entry than the one at ${this.end.seq}.`);
    }
    const fault = this.faultOfSignature(entry) ?? this.faultOfKnown(entry);
    if (fault) return fault;
    this.end = entry;
    return null;
  }

  /**
   * What is missing at the end.
   * @param head what is kept of the end beside the entries; it may be behind them, as it is written after them
   */
  finish(head: AuditHead | null): ChainFault | null {
    const forged = head && this.options.keys.length > 0 && head.seq >= this.signedFrom && !this.isSigned(head);
    if (forged) {
      return this.fault('forged', head.seq, 'What is kept of the end of the chain is signed by no key that is trusted.');
    }
    const last = Math.max(head?.seq ?? 0, ...this.known.keys());
    if (last > this.end.seq) {
      return this.fault('truncated', this.end.seq + 1, `The chain had ${last} entries, and ends after ${this.end.seq}.`);
    }
    if (head && head.seq === this.end.seq && head.hash !== this.end.hash) {
      return this.fault('unlinked', head.seq, 'It is another entry than the one that is kept as the end of the chain.');
    }
    return null;
  }

  private get signedFrom(): number {
    return this.options.signedFrom ?? 1;
  }

  private faultOfSignature(entry: AuditEntry): ChainFault | null {
    if (this.options.keys.length === 0) return null;
    if (this.isSigned(entry)) {
      this.signed += 1;
      return null;
    }
    if (entry.signature === null && entry.seq < this.signedFrom) return null;
    const why = entry.signature === null ? 'It is not signed.' : 'No key that is trusted has signed it.';
    return this.fault('forged', entry.seq, why);
  }

  private isSigned(head: AuditHead): boolean {
    const { key_id: keyId, signature } = head;
    if (signature === null) return false;
    return this.options.keys.some((key) => key.id === keyId && key.hasSigned(signedText(head), signature));
  }

  private faultOfKnown(entry: AuditEntry): ChainFault | null {
    const known = this.known.get(entry.seq);
    if (!known || known.hash === entry.hash) return null;
    return this.fault('forged', entry.seq, 'It is another entry than the one whose head was kept elsewhere.');
  }

  private gone(from: number, to: number): ChainFault {
    return this.fault('missing', from, from === to ? 'It is gone.' : `Entries ${from} to ${to} are gone.`);
  }

  private fault(kind: ChainFaultKind, seq: number, detail: string): ChainFault {
    return { kind, service: this.service, seq, detail };
  }
}
