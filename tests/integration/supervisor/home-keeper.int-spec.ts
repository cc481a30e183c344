import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HomeFileError, readState, stateFileOf } from '@kintsugi/supervisor';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import type { PlatformState } from '../../../tools/supervisor/src/domain/platform-state.js';
import { HomeKeeper } from '../../../tools/supervisor/src/process/home-keeper.js';

let home: TemporaryFolder;
let told: (string | null)[];
let logsGone: number;
let keeper: HomeKeeper;

beforeEach(() => {
  home = createTemporaryFolder('home');
  mkdirSync(join(home.path, 'logs'));
  told = [];
  logsGone = 0;
  keeper = new HomeKeeper({
    home: home.path,
    logs: { bytesMax: 1_000, retentionDays: 1 },
    state: () => state,
    onTrouble: (reason) => told.push(reason),
    onLogsGone: () => (logsGone += 1),
  });
});

afterEach(async () => {
  await keeper.close();
  await home.remove();
});

const state: PlatformState = {
  version: 1,
  status: 'ready',
  home: '/srv/kintsugi',
  supervisor: { pid: 7, start_token: '1' },
  started_at: '2026-01-01T00:00:00.000Z',
  ready_at: null,
  urls: { api: 'http://127.0.0.1:1', nats: 'nats://127.0.0.1:2', mongo: 'mongodb://127.0.0.1:3' },
  auth: 'off',
  processes: [],
};

/** A folder where the state should be: no user may write there, not even root. */
function obstruct(): void {
  rmSync(stateFileOf(home.path), { force: true });
  mkdirSync(stateFileOf(home.path), { recursive: true });
}

describe('a home that cannot be written', () => {
  it('throws nothing, is told once, and again once it could be written for a while', async () => {
    obstruct();
    keeper.save();
    keeper.save();
    await keeper.check();
    expect(told).toEqual([expect.any(String)]);
    rmSync(stateFileOf(home.path), { recursive: true });
    for (let check = 0; check < 10; check += 1) await keeper.check();
    expect(told).toEqual([expect.any(String), null]);
    expect(readState(home.path)).toEqual(state);
  });
});

describe('what is removed or broken in a home', () => {
  it.each([
    ['removed', () => rmSync(join(home.path, 'run'), { recursive: true })],
    ['cut', () => writeFileSync(stateFileOf(home.path), '{"version":1,')],
    ['another', () => writeFileSync(stateFileOf(home.path), '{"version":1}')],
  ])('is written again: a state that is %s', async (_, harm) => {
    keeper.save();
    harm();
    await keeper.check();
    expect(readState(home.path)).toEqual(state);
  });

  it('is made again: the folder of the logs, and that is told', async () => {
    rmSync(join(home.path, 'logs'), { recursive: true });
    await keeper.check();
    await keeper.check();
    expect(logsGone).toBe(1);
    writeFileSync(join(home.path, 'logs', 'gateway.log'), '');
  });
});

describe('a state that cannot be understood', () => {
  it.each([
    '',
    'null',
    '[]',
    '{"version":1}',
    JSON.stringify({ ...state, supervisor: {} }),
    JSON.stringify({ ...state, urls: null }),
  ])('is told with its path and what to do: %p', (text) => {
    mkdirSync(join(home.path, 'run'), { recursive: true });
    writeFileSync(stateFileOf(home.path), text);
    expect(() => readState(home.path)).toThrow(HomeFileError);
    expect(() => readState(home.path)).toThrow(`${stateFileOf(home.path)} does not hold the state of a platform`);
    expect(readFileSync(stateFileOf(home.path), 'utf8')).toBe(text);
  });
});
