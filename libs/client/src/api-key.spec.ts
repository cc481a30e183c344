import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { apiKeyIdOf } from '@kintsugi/contracts';
import { makeApiKey } from './api-key.js';

const secret = Uint8Array.from({ length: 20 }, (_, index) => index);

test('a new key leads to its record, which keeps only the hash', async () => {
  const { key, record } = await makeApiKey({ id: 'reports', role: 'viewer' }, secret);
  expect(key).toBe('kin_reports_000102030405060708090a0b0c0d0e0f10111213');
  expect(apiKeyIdOf(key)).toBe('reports');
  expect(record).toEqual({ id: 'reports', role: 'viewer', sha256: createHash('sha256').update(key).digest('hex') });
});

test('an id that cannot be part of a key, and a secret that is too short, are refused', async () => {
  await expect(makeApiKey({ id: 'Reports', role: 'viewer' }, secret)).rejects.toThrow('lower-case letters');
  await expect(makeApiKey({ id: 'reports', role: 'viewer' }, secret.subarray(0, 15))).rejects.toThrow(
    'at least 16 bytes, not 15',
  );
});
