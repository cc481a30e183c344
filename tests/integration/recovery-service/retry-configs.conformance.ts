import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RetryConfig } from '@kintsugi/contracts';
import type { RetryConfigs } from '../../../apps/recovery-service/src/policies/retry-configs.js';

const base = { max_attempts: 4, initial_delay: 5, max_delay: 60, backoff_factor: 2, retry_conditions: [] };
const configOf = (error_type: string, change: Partial<RetryConfig> = {}): RetryConfig => ({ ...base, error_type, ...change });

/** What use cases rely on, whatever keeps the configs. */
export function behavesAsRetryConfigs(name: string, createEmpty: () => Promise<RetryConfigs>): void {
  describe(name, () => {
    let configs: RetryConfigs;

    beforeEach(async () => {
      configs = await createEmpty();
    });

    test('gives what was saved, by error type', async () => {
      expect(await configs.all()).toEqual([]);
      for (const error_type of ['b', 'a.*', '*', 'a']) expect(await configs.save(configOf(error_type))).toBe(false);
      expect(await configs.all()).toEqual(['*', 'a', 'a.*', 'b'].map((error_type) => configOf(error_type)));
      expect(await configs.count()).toBe(4);
    });

    test('replaces what was set for the same error type as a whole, and tells', async () => {
      const condition = { field: 'attempt' as const, operator: 'lt' as const, value: 3 };
      await configs.save(configOf('a', { retry_conditions: [condition, { ...condition, value: 4 }] }));
      const changed = configOf('a', { max_attempts: 9, retry_conditions: [{ ...condition, value: 5 }] });
      expect(await configs.save(changed)).toBe(true);
      expect(await configs.save(changed)).toBe(true);
      expect(await configs.all()).toEqual([changed]);
    });

    test('removes, and tells whether there was one', async () => {
      await configs.save(configOf('a'));
      expect(await configs.has('a')).toBe(true);
      expect(await configs.remove('a')).toBe(true);
      expect(await configs.remove('a')).toBe(false);
      expect(await configs.has('a')).toBe(false);
      expect(await configs.save(configOf('a'))).toBe(false);
    });

    test.each([[{}], [[]], [null], [''], [0], [{ a: {}, $gt: [{ 'x.y': null }] }]])(
      'keeps the value %j of a condition as it is',
      async (value) => {
        const config = configOf('a', { retry_conditions: [{ field: 'attempt', operator: 'eq', value }] });
        await configs.save(config);
        expect(await configs.all()).toEqual([config]);
      },
    );

    test('takes changes of several people at once, and keeps one of them whole', async () => {
      const changes = [1, 2, 3, 4, 5, 6].map((number) => configOf('a', { max_attempts: number, initial_delay: number }));
      const replaced = await Promise.all(changes.map((change) => configs.save(change)));
      expect(replaced.filter((was) => !was)).toHaveLength(1);
      expect(changes).toContainEqual((await configs.all())[0]);
    });
  });
}
