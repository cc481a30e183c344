import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { apiKeyIdOf, apiKeyListSchema } from '@kintsugi/contracts';
import { KeyError } from '@kintsugi/supervisor';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { createKey, prepareKeys } from '../../../tools/supervisor/src/keys/key-file.js';

let home: TemporaryFolder;

beforeEach(() => {
  home = createTemporaryFolder('keys');
});

afterEach(() => home.remove());

const recordsOf = () => apiKeyListSchema.parse(JSON.parse(readFileSync(join(home.path, 'keys.json'), 'utf8')));
const modeOf = (...path: string[]) => statSync(join(home.path, ...path)).mode & 0o777;

describe('the keys of a home', () => {
  it('are made at the first start: an admin key that is told once, and one for the command line', async () => {
    const first = await prepareKeys(home.path);
    expect(apiKeyIdOf(first.adminKey!)).toBe('admin');
    expect(apiKeyIdOf(first.commandLineKey)).toBe('cli');
    expect(recordsOf().map(({ id, role }) => [id, role])).toEqual([
      ['admin', 'admin'],
      ['cli', 'admin'],
    ]);
    expect(recordsOf()[0]!.sha256).toBe(createHash('sha256').update(first.adminKey!).digest('hex'));
    expect([modeOf('keys.json'), modeOf('run', 'cli-key')]).toEqual([0o600, 0o600]);
    expect(readFileSync(join(home.path, 'keys.json'), 'utf8')).not.toContain(first.adminKey!.split('_')[2]);
    expect(await prepareKeys(home.path)).toEqual({ ...first, adminKey: null });
  });

  it('get a new one for the command line when its file is lost or belongs to other keys', async () => {
    const { commandLineKey } = await prepareKeys(home.path);
    unlinkSync(join(home.path, 'run', 'cli-key'));
    const renewed = (await prepareKeys(home.path)).commandLineKey;
    expect(renewed).not.toBe(commandLineKey);
    writeFileSync(join(home.path, 'run', 'cli-key'), commandLineKey);
    expect((await prepareKeys(home.path)).commandLineKey).not.toBe(commandLineKey);
    expect(recordsOf()).toHaveLength(2);
  });

  it('can be added, each under a name of its own', async () => {
    await prepareKeys(home.path);
    expect(apiKeyIdOf(await createKey(home.path, { id: 'reports', role: 'viewer' }))).toBe('reports');
    await expect(createKey(home.path, { id: 'reports', role: 'viewer' })).rejects.toThrow(/exists already/);
    await expect(createKey(home.path, { id: 'No Name', role: 'viewer' })).rejects.toThrow(/lower-case/);
    expect(recordsOf().map(({ id }) => id)).toEqual(['admin', 'cli', 'reports']);
  });

  it('stay readable to whom their owner has let read them', async () => {
    await createKey(home.path, { id: 'admin', role: 'admin' });
    expect(modeOf('keys.json')).toBe(0o600);
    chmodSync(join(home.path, 'keys.json'), 0o644);
    await createKey(home.path, { id: 'reports', role: 'viewer' });
    expect(modeOf('keys.json')).toBe(0o644);
    expect(recordsOf()).toHaveLength(2);
  });

  it('are not replaced when their file cannot be read as keys', async () => {
    writeFileSync(join(home.path, 'keys.json'), '{"oops":1}');
    await expect(prepareKeys(home.path)).rejects.toThrow(KeyError);
    expect(readFileSync(join(home.path, 'keys.json'), 'utf8')).toBe('{"oops":1}');
  });
});
