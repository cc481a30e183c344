import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { AuditEntry, AuditService } from '@kintsugi/contracts';
import { AuditKey } from '@kintsugi/persistence/audit-check';
import type { AuditPiece } from './audit-source.js';
import { verifyAudit, type VerifyOptions } from './verify-audit.js';

const key = AuditKey.fromPem(AuditKey.generatePem());
const usual: VerifyOptions = { services: null, keys: [key.publicKey], signedFrom: 1, known: [] };
const end = (service: AuditService): AuditPiece => ({ kind: 'end', service, head: null, public_key: null });

function verify(pieces: AuditPiece[], options: Partial<VerifyOptions> = {}) {
  return verifyAudit(Readable.from(pieces), { ...usual, ...options });
}

test('empty chains are good, and a chain that has to be there and is not is cut', async () => {
  expect(await verify([end('job'), end('recovery')])).toMatchObject({ ok: true, chains: [{ entries: 0 }, { entries: 0 }] });
  expect(await verify([end('job')], { services: ['job', 'metrics'] })).toMatchObject({
    ok: false,
    chains: [{ fault: null }, { service: 'metrics', fault: { kind: 'truncated', seq: 1 } }],
  });
  expect(await verify([])).toMatchObject({ ok: false });
});

test('an export that was cut, or that lacks an end which was known, is told', async () => {
  const head = { service: 'job' as const, seq: 2, hash: 'a'.repeat(64), key_id: null, signature: null };
  expect(await verify([end('job')], { known: [head] })).toMatchObject({ chains: [{ fault: { kind: 'truncated', seq: 1 } }] });
  const entry = { service: 'job', seq: 1 } as AuditEntry;
  expect(await verify([{ kind: 'entry', entry }])).toMatchObject({ ok: false, chains: [{ service: 'job', fault: { seq: 1 } }] });
});

test('an entry of another chain is named where it stands', async () => {
  const other = { service: 'recovery', seq: 1 } as AuditEntry;
  const first = { service: 'job', seq: 2 } as AuditEntry;
  const { chains } = await verify([{ kind: 'entry', entry: first }, { kind: 'entry', entry: other }, end('job')]);
  expect(chains).toMatchObject([{ service: 'job', fault: { kind: 'missing', seq: 1 } }]);
});
