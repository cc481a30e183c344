import { describe, expect, test } from '@jest/globals';
import { apiKeyIdOf, apiKeyListSchema, apiKeyOf } from './api-key.js';

const secret = 'a1'.repeat(20);
const record = { id: 'reports', role: 'viewer', sha256: 'f'.repeat(64) };

describe('API keys', () => {
  test('a key leads to the id of its record', () => {
    expect(apiKeyIdOf(apiKeyOf('night-batch-2', secret))).toBe('night-batch-2');
  });

  test.each([
    '',
    'kin_',
    `kin__${secret}`,
    `kin_a_${'f'.repeat(31)}`,
    `kin_A_${secret}`,
    `kin_a-_${secret}`,
    `kin_a_${secret} `,
    `kin_a_b_${secret}`,
  ])('%p is no key', (text) => {
    expect(apiKeyIdOf(text)).toBeNull();
  });

  test('two records cannot share an id', () => {
    expect(apiKeyListSchema.safeParse([record, { ...record, id: 'other' }]).success).toBe(true);
    expect(apiKeyListSchema.safeParse([record, record]).success).toBe(false);
  });
});
