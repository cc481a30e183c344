import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Client } from '@kintsugi/client';
import type { AuditEntry, AuditHead, AuditService } from '@kintsugi/contracts';
import { Failure } from '../failure.js';
import { placeOf } from '../terminal/places.js';

/** A line of an export: an entry, or what is kept of the end of a chain, behind the last of its entries. */
export type AuditPiece =
  | { kind: 'entry'; entry: AuditEntry }
  | { kind: 'end'; service: AuditService; head: AuditHead | null; public_key: string | null };

/** The chains as the services have them, one after the other. */
export async function* auditedByApi(
  client: Pick<Client, 'exportAudit'>,
  services: readonly AuditService[],
): AsyncGenerator<AuditPiece> {
  for (const service of services) {
    for (let after = 0; ;) {
      const { items, head, public_key } = await client.exportAudit(service, after);
      for (const entry of items) yield { kind: 'entry', entry };
      const last = items.at(-1);
      if (!last) {
        yield { kind: 'end', service, head, public_key };
        break;
      }
      after = last.seq;
    }
  }
}

/** The chains as a file holds them. */
export async function* auditedInFile(path: string): AsyncGenerator<AuditPiece> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number += 1;
      if (line !== '') yield pieceOf(line);
    }
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new Failure('USAGE', `Line ${number} of ${placeOf(path)} is no line of an export of the audit.`);
    }
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (!syscall) throw error;
    throw new Failure('USAGE', `${placeOf(path)} cannot be read (${code}).`);
  }
}

/** The ends of the chains of an earlier export. */
export async function headsIn(path: string): Promise<AuditHead[]> {
  const heads: AuditHead[] = [];
  let last: AuditEntry | null = null;
  for await (const piece of auditedInFile(path)) {
    if (piece.kind === 'entry') last = piece.entry;
    else if (last?.service === piece.service) heads.push(last);
  }
  if (heads.length === 0) {
    throw new Failure('USAGE', `${placeOf(path)} holds no end of a chain: it is no whole export of the audit.`, {
      advice: 'Hold the audit against an export that ended well.',
    });
  }
  return heads;
}

function pieceOf(line: string): AuditPiece {
  const piece = JSON.parse(line) as Partial<AuditPiece> | null;
  if (piece?.kind === 'entry' && typeof piece.entry?.seq === 'number') return piece as AuditPiece;
  if (piece?.kind === 'end' && typeof piece.service === 'string') return piece as AuditPiece;
  throw new SyntaxError('no piece of an audit');
}
