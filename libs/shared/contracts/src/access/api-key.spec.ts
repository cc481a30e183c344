import { describe, expect, test } from '@jest/globals';
import { apiKeyIdOf, apiKeyOf, apiKeySchema } from './api-key.js';

const secret = 'a1'.repeat(20);

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

  test.each(['', 'A', 'a_b', '-a', 'a-', 'a'.repeat(33)])('%p cannot name a key', (id) => {
    expect(apiKeySchema.shape.id.safeParse(id).success).toBe(false);
  });
});
