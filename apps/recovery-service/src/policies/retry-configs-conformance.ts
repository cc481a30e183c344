import { equal } from 'node:assert/strict';
import type { RetryConfig } from '@kintsugi/contracts';
import { equalText } from '../records/error-records-conformance.js';
import type { RetryConfigs } from './retry-configs.js';

/** What every keeper of retry configs promises. `configs` begins without any. */
export const retryConfigPromises: [promise: string, hold: (configs: RetryConfigs) => Promise<void>][] = [
  ['gives what was saved, by error type', givesWhatWasSaved],
  ['replaces what was set for the same error type as a whole, and tells', replacesWhole],
  ['removes, and tells whether there was one', removes],
  ...[{}, [], null, '', 0, { a: {}, $gt: [{ 'x.y': null }] }].map((value): (typeof retryConfigPromises)[number] => [
    `keeps the value ${JSON.stringify(value)} of a condition as it is`,
    (configs) => keepsValue(configs, value),
  ]),
  ['takes changes of several people at once, and keeps one of them whole', takesAtOnce],
];

const base = { max_attempts: 4, initial_delay: 5, max_delay: 60, backoff_factor: 2, retry_conditions: [] };
const configOf = (error_type: string, change: Partial<RetryConfig> = {}): RetryConfig => ({ error_type, ...base, ...change });

async function givesWhatWasSaved(configs: RetryConfigs): Promise<void> {
  equalText(await configs.all(), []);
  for (const error_type of ['b', 'a.*', '*', 'a']) equal(await configs.save(configOf(error_type)), false);
  equalText(
    await configs.all(),
    ['*', 'a', 'a.*', 'b'].map((error_type) => configOf(error_type)),
  );
  equal(await configs.count(), 4);
}

async function replacesWhole(configs: RetryConfigs): Promise<void> {
  const condition = { field: 'attempt' as const, operator: 'lt' as const, value: 3 };
  await configs.save(configOf('a', { retry_conditions: [condition, { ...condition, value: 4 }] }));
  const changed = configOf('a', { max_attempts: 9, retry_conditions: [{ ...condition, value: 5 }] });
  equal(await configs.save(changed), true);
  equal(await configs.save(changed), true);
  equalText(await configs.all(), [changed]);
}

async function removes(configs: RetryConfigs): Promise<void> {
  await configs.save(configOf('a'));
  equal(await configs.has('a'), true);
  equal(await configs.remove('a'), true);
  equal(await configs.remove('a'), false);
  equal(await configs.has('a'), false);
  equal(await configs.save(configOf('a')), false);
}

async function keepsValue(configs: RetryConfigs, value: unknown): Promise<void> {
  const config = configOf('a', { retry_conditions: [{ field: 'attempt', operator: 'eq', value }] });
  await configs.save(config);
  equalText(await configs.all(), [config]);
}

async function takesAtOnce(configs: RetryConfigs): Promise<void> {
  const changes = [1, 2, 3, 4, 5, 6].map((number) => configOf('a', { max_attempts: number, initial_delay: number }));
  const replaced = await Promise.all(changes.map((change) => configs.save(change)));
  equal(replaced.filter((was) => !was).length, 1);
  const [kept] = await configs.all();
  equal(
    changes.some((change) => JSON.stringify(change) === JSON.stringify(kept)),
    true,
  );
}
