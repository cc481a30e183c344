import { describe, expect, test } from '@jest/globals';
import { apiKeyOf } from '@kintsugi/contracts';
import { Sessions } from './sessions.js';

const key = apiKeyOf('reports', 'a1'.repeat(32));
const secret = 's'.repeat(40);

describe('a session', () => {
  test('gives the key back until its time is over, at every gateway of the same secret', () => {
    let now = 1_000;
    const one = new Sessions(secret, 1, () => now);
    const other = new Sessions(secret, 12, () => now);
    const { token, expiresAt } = one.seal(key);
    expect(expiresAt.getTime()).toBe(3_601_000);
    expect(token).toMatch(/^[\w-]+$/);
    now = 3_600_999;
    expect(other.open(token)).toEqual({ key, expiresAt });
    now = 3_601_000;
    expect(other.open(token)).toBeNull();
  });

  test('shows nothing of the key, and never looks the same', () => {
    const sessions = new Sessions(secret, 1);
    const [one, two] = [sessions.seal(key).token, sessions.seal(key).token];
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64url').includes('reports')).toBe(false);
  });

  test('is none at a gateway of another secret, nor where one bit has changed', () => {
    const sessions = new Sessions(secret, 1);
    const { token } = sessions.seal(key);
    expect(new Sessions(undefined, 1).open(token)).toBeNull();
    const bytes = Buffer.from(token, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] as number) ^ 1;
      expect(sessions.open(changed.toString('base64url'))).toBeNull();
    }
  });

  test.each(['', 'x', 'A'.repeat(36), 'A'.repeat(38), 'A'.repeat(5_000), key])('%j is none', (token) => {
    expect(new Sessions(secret, 1).open(token)).toBeNull();
  });
});
