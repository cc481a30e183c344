import { expect, test } from '@jest/globals';
import { roles } from '@kintsugi/contracts';
import { mayActAs, requireRole } from './permission.js';

test('each role may do what the ones before it may, and no more', () => {
  const allowed = roles.map((has) => roles.filter((needed) => mayActAs({ keyId: 'a', role: has, tenant: null }, needed)));
  expect(allowed).toEqual([['viewer'], ['viewer', 'operator'], ['viewer', 'operator', 'admin']]);
});

test('a refusal names the role that is needed and those that would do', () => {
  const refused = () => requireRole({ keyId: 'reports', role: 'viewer', tenant: null }, 'operator', 'createJob');
  expect(refused).toThrow('createJob needs the role operator; the key reports has the role viewer.');
  expect(refused).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN', extras: { current: 'viewer', allowed: ['operator', 'admin'] } }),
  );
});
