import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Store } from '@kintsugi/persistence';
import { hashOfApiKey } from '@kintsugi/persistence/api-keys';
import { AuditKey, AuditPublicKey, ChainCheck } from '@kintsugi/persistence/audit-check';
import { AuditEntries } from '@kintsugi/persistence/audit-entries';
import { freePort } from '@kintsugi/servers';
import { createTemporaryFolder, startTestServers, type TestServers } from '@kintsugi/testing';
import { runCommand } from '../../command-line.js';

const emptyHome = createTemporaryFolder('home');

let servers: TestServers;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(async () => {
  await servers?.stop();
  await emptyHome.remove();
});

const run = (args: string[], mongoUrl = servers.mongoUrl) =>
  runCommand(['keys', ...args, '--home', emptyHome.path], { MONGO_URL: mongoUrl, DATABASE_PREFIX: 'mine' });
const json = async (...args: string[]) => JSON.parse((await run([...args, '--json'])).stdout);

describe('keys', () => {
  test('are created, listed, rotated and revoked while no service runs', async () => {
    expect(await run(['list'])).toMatchObject({ code: 0, stdout: expect.stringContaining('There are no keys.') });
    const made = await json('create', 'nightly', '--role', 'operator', '--expires', '2099-03-31');
    expect(made).toEqual({ id: 'nightly', key: expect.stringMatching(/^kin_nightly_[0-9a-f]{64}$/) });
    const rotated = await json('rotate', 'nightly', '--overlap', '60');
    expect(rotated.key).toMatch(/^kin_nightly_[0-9a-f]{64}$/);
    expect(rotated.key).not.toBe(made.key);
    expect((await run(['create', 'reports'])).stdout).toContain('The key of reports, shown this once:');
    expect(await json('revoke', 'reports')).toEqual({ id: 'reports', revoked: true });
    expect(await json('list')).toEqual({
      items: [
        {
          ...{
            id: 'nightly',
            role: 'operator',
            tenant: null,
            status: 'good',
            revoked_at: null,
            expires_at: '2099-04-01T00:00:00.000Z',
          },
          ...{ created_at: expect.any(String), rotated_at: expect.any(String) },
        },
      ],
    });
    const { stdout } = await run(['list', '--all']);
    expect(stdout).toMatch(/nightly +operator +all +good .*2099-04-01 00:00/);
    expect(stdout).toMatch(/reports +viewer +all +revoked /);
    expect(stdout).not.toContain('kin_');
  });

  test('are in the audit when they are changed: who, before and after, signed, and never a key', async () => {
    const pem = AuditKey.generatePem();
    const environment = { MONGO_URL: servers.mongoUrl, DATABASE_PREFIX: 'audited', AUDIT_SIGNING_KEY: pem };
    const change = (...args: string[]) => runCommand(['keys', ...args, '--home', emptyHome.path], environment);
    const told = [
      await change('create', 'night', '--tenant', 'blue'),
      await change('rotate', 'night'),
      await change('revoke', 'night'),
    ];
    expect(told.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect((await change('rotate', 'night')).code).toBe(1);
    const place = { url: servers.mongoUrl, database: 'audited_access', applicationName: 'test' };
    const store = await Store.connect(place, () => undefined);
    const entries = await new AuditEntries(store).behind(0);
    await store.close();
    const check = new ChainCheck('access', { keys: [AuditPublicKey.fromPem(pem)] });
    expect(entries.map((entry) => check.take(entry)).filter((fault) => fault !== null)).toEqual([]);
    const [created, rotated, revoked, refused] = entries.filter(({ phase }) => phase !== 'asked');
    const by = [{ actor: { name: userInfo().username, door: 'database' }, tenant: 'blue', subjects: ['night'] }];
    expect(created).toMatchObject({
      phase: 'done',
      action: 'createKey',
      by,
      before: null,
      after: { role: 'viewer', tenant: 'blue' },
    });
    expect(rotated).toMatchObject({ phase: 'done', action: 'rotateKey', by, before: { rotated_at: null } });
    expect(revoked).toMatchObject({
      phase: 'done',
      action: 'revokeKey',
      by,
      before: { revoked_at: null },
      after: { revoked_at: expect.any(String) },
    });
    expect(refused).toMatchObject({ phase: 'refused', action: 'rotateKey', by, problem: 'KEY_REFUSED' });
    expect(entries).toHaveLength(8);
    const hashes = told.flatMap(({ stdout }) => stdout.match(/kin_night_[0-9a-f]{64}/) ?? []).map(hashOfApiKey);
    for (const hidden of [...hashes, 'kin_']) expect(JSON.stringify(entries)).not.toContain(hidden);
  });

  test.each<[string, string[], number, string]>([
    ['a name that is taken', ['create', 'nightly'], 1, 'A key called nightly exists already'],
    ['a name that was revoked', ['create', 'reports'], 1, 'exists already, or existed once'],
    ['a key that there is not', ['revoke', 'nobody'], 1, 'There is no key called nobody.'],
    ['a key that is revoked', ['rotate', 'reports'], 1, 'reports has been revoked, and stays so.'],
    ['a name that is none', ['create', 'No_Name'], 64, 'cannot name a key'],
    ['no name', ['revoke'], 64, 'Which key?'],
    ['a time that is none', ['create', 'more', '--expires', 'soon'], 64, '--expires is'],
    ['a time that is over', ['create', 'more', '--expires', '2020-01-01'], 64, 'which is over'],
    ['a role that there is not', ['create', 'more', '--role', 'owner'], 64, 'viewer, operator, admin'],
    ['a word that is no action', ['delete', 'nightly'], 64, 'list, create, rotate, revoke'],
  ])('of %s are refused, and it says why', async (_, args, code, words) => {
    const refused = await run(args);
    expect({ code: refused.code, said: refused.stderr.replaceAll(/\s+/g, ' ') }).toEqual({
      code,
      said: expect.stringContaining(words),
    });
  });

  test('need a MongoDB that answers', async () => {
    const away = await run(['list'], `mongodb://127.0.0.1:${await freePort()}/?directConnection=true`);
    expect(away).toMatchObject({ code: 69, stderr: expect.stringContaining('MongoDB is not reachable') });
    expect(await run(['list'], '')).toMatchObject({ code: 69, stderr: expect.stringContaining('MONGO_URL is not set') });
  });
});
