// An export of the audit is whole or not there, and is verified with the key by which the settings have services sign.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { natsActor } from '@kintsugi/contracts';
import { AuditKey } from '@kintsugi/persistence/audit-check';
import { freePort } from '@kintsugi/servers';
import { createTemporaryFolder } from '@kintsugi/testing';
import { chainStart, headOfEntry, linked } from '../../../libs/shared/persistence/src/audit/audit-chain.js';
import { runCommand } from '../../command-line.js';

const folder = createTemporaryFolder('audit');

afterAll(() => folder.remove());

test('an export that fails leaves no file, and one that would take the place of another touches nothing', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const [failed, kept] = [join(folder.path, 'failed.ndjson'), join(folder.path, 'kept.ndjson')];
  writeFileSync(kept, 'mine');
  expect((await runCommand(['audit', 'export', failed, '--url', url, '--home', folder.path])).code).toBe(69);
  expect(existsSync(failed)).toBe(false);
  expect((await runCommand(['audit', 'export', kept, '--url', url, '--home', folder.path])).code).toBe(64);
  expect(readFileSync(kept, 'utf8')).toBe('mine');
});

test('an export is verified with the key of AUDIT_SIGNING_KEY, where no other is named', async () => {
  const [own, other] = [AuditKey.generatePem(), AuditKey.generatePem()];
  const said = { phase: 'done', call: null, action: 'pauseJob', given: null, before: null, after: null, problem: null } as const;
  const by = [{ actor: natsActor, tenant: null, request_id: null, subjects: ['a'] }];
  const draft = { ...said, by, at: '2027-01-01T00:00:00.000Z', instance: 'i' };
  const entry = linked('job', draft, chainStart, AuditKey.fromPem(own));
  const end = { kind: 'end', service: 'job', head: headOfEntry(entry), public_key: null };
  const file = join(folder.path, 'audit.ndjson');
  writeFileSync(file, `${JSON.stringify({ kind: 'entry', entry })}\n${JSON.stringify(end)}\n`);
  const verify = (key: string) =>
    runCommand(['audit', 'verify', file, '--json', '--home', folder.path], { AUDIT_SIGNING_KEY: key });
  const good = await verify(own);
  expect(JSON.parse(good.stdout)).toMatchObject({ ok: true, trusted: true, chains: [{ entries: 1, signed: 1 }] });
  const bad = await verify(other);
  expect({ code: bad.code, ...JSON.parse(bad.stdout) }).toMatchObject({
    code: 1,
    ok: false,
    chains: [{ fault: { kind: 'forged' } }],
  });
});
