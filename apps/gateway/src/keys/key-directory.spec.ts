import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { apiKeyOf, type ApiKeyRecord } from '@kintsugi/contracts';
import { KeyDirectory, acceptedWhileAwayMs } from './key-directory.js';

const key = apiKeyOf('reports', 'a1'.repeat(20));
const record = (change: Partial<ApiKeyRecord> & { revision: number }) => ({
  ...{ id: 'reports', role: 'viewer' as const, tenant: null, sha256: createHash('sha256').update(key).digest('hex') },
  ...{ former_sha256: null, former_expires_at: null, expires_at: null, revoked_at: null },
  ...change,
});
const caller = { keyId: 'reports', role: 'viewer', tenant: null };

let nowMs: number;
let stored: ReturnType<typeof record>[];
let asked: number[];
let isAway: boolean;
let faults: unknown[];
let directory: KeyDirectory;

beforeEach(() => {
  nowMs = 1_000_000;
  stored = [record({ revision: 1 })];
  asked = [];
  isAway = false;
  faults = [];
  const source = {
    changedSince: async (revision: number) => {
      asked.push(revision);
      if (isAway) throw new Error('away');
      return stored.filter((each) => each.revision > revision);
    },
  };
  const clocks = { steady: () => nowMs, wall: () => Date.parse('2026-11-26T12:00:00Z') };
  directory = new KeyDirectory(source, (error) => faults.push(error), clocks);
});

const revoke = () => (stored = [record({ revision: 2, revoked_at: new Date('2026-11-26T11:00:00Z') })]);

describe('while the database answers', () => {
  test('a known key costs no reading and no wait as long as requests keep coming', async () => {
    expect(await directory.callerOf(key)).toEqual(caller);
    expect(asked).toEqual([-1]);
    for (let step = 0; step < 100; step += 1) {
      nowMs += 100;
      // Not a promise: the answer was there.
      expect(directory.callerOf(key)).toEqual(caller);
      await new Promise(setImmediate);
    }
    expect(asked.length).toBeLessThan(35);
  });

  test('a thousand requests within one moment are one reading', async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => directory.callerOf(key)));
    expect(asked).toEqual([-1]);
    for (let request = 0; request < 1_000; request += 1) expect(directory.callerOf(key)).toEqual(caller);
    expect(asked).toEqual([-1]);
  });

  test.each([1, 250, 500, 999, 1_000, 60_000])(
    'a key that was revoked is refused %i ms after it was read, at the next look',
    async (laterMs) => {
      await directory.callerOf(key);
      revoke();
      nowMs += laterMs;
      await directory.callerOf(key);
      nowMs += 1_000 - Math.min(laterMs, 1_000);
      expect(await directory.callerOf(key)).toBeNull();
    },
  );

  test('nobody is asked for what is no key, and a key that is not known is looked for at once', async () => {
    stored = [];
    expect(await directory.callerOf('kin_reports')).toBeNull();
    expect(await directory.callerOf(key)).toBeNull();
    stored = [record({ revision: 1 })];
    nowMs += 51;
    expect(await directory.callerOf(key)).toEqual(caller);
  });

  test('guessing keys is a few readings, however many are guessed', async () => {
    await directory.callerOf(key);
    for (let guess = 0; guess < 1_000; guess += 1) await directory.callerOf(apiKeyOf('reports', `${1e9 + guess}`.repeat(4)));
    expect(asked).toHaveLength(1);
  });

  test('what was changed by hand, without a new revision, is seen within a minute', async () => {
    await directory.callerOf(key);
    stored = [];
    nowMs += 60_001;
    expect(await directory.callerOf(key)).toBeNull();
    expect(asked).toEqual([-1, -1]);
  });
});

describe('while the database is away', () => {
  const other = apiKeyOf('others', 'b2'.repeat(20));
  const wrong = apiKeyOf('reports', 'b2'.repeat(20));

  beforeEach(async () => {
    await directory.callerOf(key);
    isAway = true;
    nowMs += 1_000;
  });

  test('a key that was known is accepted for a bounded time, and then nobody can tell', async () => {
    expect(await directory.callerOf(key)).toEqual(caller);
    nowMs += acceptedWhileAwayMs - 1_000;
    expect(await directory.callerOf(key)).toEqual(caller);
    nowMs += 1;
    await expect(directory.callerOf(key)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', extras: { retry_after: 1 } });
  });

  test.each([
    ['another id', other],
    ['another secret', wrong],
  ])('a key with %s is not refused but put off: it may have been made since', async (_, unknown) => {
    await expect(directory.callerOf(unknown)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    isAway = false;
    nowMs += 1_000;
    await directory.read();
    expect(await directory.callerOf(unknown)).toBeNull();
  });

  test('what is no key is refused, and so is a key that was revoked before', async () => {
    expect(await directory.callerOf('kin_reports')).toBeNull();
    isAway = false;
    revoke();
    await directory.read();
    isAway = true;
    nowMs += 1_000;
    expect(await directory.callerOf(key)).toBeNull();
  });

  test('it is asked once a second, is told of once, and no request waits for it', async () => {
    await directory.callerOf(key);
    asked.length = 0;
    for (let request = 0; request < 40; request += 1) {
      nowMs += 100;
      await directory.callerOf(key);
    }
    expect(asked.length).toBeLessThanOrEqual(4);
    expect(faults).toHaveLength(1);
  });
});
