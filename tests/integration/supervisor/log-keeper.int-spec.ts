import { appendFileSync, closeSync, openSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { LogKeeper } from '../../../tools/supervisor/src/process/log-keeper.js';

let folder: TemporaryFolder;

beforeEach(() => {
  folder = createTemporaryFolder('logs');
});

afterEach(() => folder.remove());

const now = new Date('2026-02-10T12:00:00.000Z');

describe('the logs of the platform', () => {
  it('are set aside at their limit while a process goes on writing to them', async () => {
    const path = join(folder.path, 'gateway.log');
    const descriptor = openSync(path, 'a');
    writeSync(descriptor, 'x'.repeat(101));
    await new LogKeeper(folder.path, { bytesMax: 100, retentionDays: 7 }).check(now);
    writeSync(descriptor, 'after');
    closeSync(descriptor);
    expect(readFileSync(path, 'utf8')).toBe('after');
    expect(readFileSync(join(folder.path, 'gateway.2026-02-10T12-00-00-000Z.log'), 'utf8')).toBe('x'.repeat(101));
  });

  it('are left alone below their limit, and set-aside ones go after their days', async () => {
    appendFileSync(join(folder.path, 'gateway.log'), 'x'.repeat(100));
    writeFileSync(join(folder.path, 'gateway.2026-02-01T12-00-00-000Z.log'), 'old');
    writeFileSync(join(folder.path, 'gateway.2026-02-09T12-00-00-000Z.log'), 'young');
    await new LogKeeper(folder.path, { bytesMax: 100, retentionDays: 7 }).check(now);
    expect(readdirSync(folder.path).sort()).toEqual(['gateway.2026-02-09T12-00-00-000Z.log', 'gateway.log']);
  });
});
