import { deepEqual as deepEqualHere, equal } from 'node:assert/strict';
import type { RetryConfig } from '@kintsugi/contracts';
import { equalText } from '../records/error-records-conformance.js';
import { versionsMax, type RetryConfigs } from './retry-configs.js';

/** What every keeper of retry configs promises. `configs` begins without any. */
export const retryConfigPromises: [promise: string, hold: (configs: RetryConfigs) => Promise<void>][] = [
  ['gives what was saved, by error type', givesWhatWasSaved],
  ['replaces what was set for the same error type as a whole, and tells', replacesWhole],
  ['takes back what was set, and tells whether there was something', takesBack],
  ['keeps every version with who made it, newest first, and no more than it says', keepsVersions],
  ['changes nothing where somebody else has changed it since', refusesOutdated],
  ...[{}, [], null, '', 0, { a: {}, $gt: [{ 'x.y': null }] }].map((value): (typeof retryConfigPromises)[number] => [
    `keeps the value ${JSON.stringify(value)} of a condition as it is`,
    (configs) => keepsValue(configs, value),
  ]),
  ['takes changes of several people at once, and keeps one of them whole', takesAtOnce],
];

/** Compares values of whatever realm, whose fields are in whatever order. */
function deepEqual(received: unknown, expected: unknown): void {
  deepEqualHere(JSON.parse(JSON.stringify(received)), JSON.parse(JSON.stringify(expected)));
}

const base = { max_attempts: 4, initial_delay: 5, max_delay: 60, backoff_factor: 2, retry_conditions: [] };
const configOf = (error_type: string, change: Partial<RetryConfig> = {}): RetryConfig => ({ error_type, ...base, ...change });
const by = { changed_by: 'ada', changed_at: '2026-11-23T06:00:00.000Z' };

/** Gives whether there was something before. */
async function save(configs: RetryConfigs, config: RetryConfig): Promise<boolean | undefined> {
  return (await configs.change(config.error_type, config, by))?.replaced;
}

async function givesWhatWasSaved(configs: RetryConfigs): Promise<void> {
  equalText(await configs.all(), []);
  for (const error_type of ['b', 'a.*', '*', 'a']) equal(await save(configs, configOf(error_type)), false);
  const types = ['*', 'a', 'a.*', 'b'];
  equalText(
    await configs.all(),
    types.map((error_type) => configOf(error_type)),
  );
  deepEqual(
    (await configs.listed()).map(({ error_type, version, changed_by, changed_at }) => [
      error_type,
      version,
      changed_by,
      changed_at,
    ]),
    types.map((error_type) => [error_type, 1, by.changed_by, by.changed_at]),
  );
  equal(await configs.count(), 4);
}

async function replacesWhole(configs: RetryConfigs): Promise<void> {
  const condition = { field: 'attempt', operator: 'lt' as const, value: 3 };
  const rules = [{ when: [condition], action: 'quarantine' as const, reason: 'so' }];
  const whole = configOf('a', {
    jitter: 'none',
    max_retry_after: 7,
    rules,
    retry_conditions: [condition, { ...condition, value: 4 }],
  });
  await save(configs, whole);
  deepEqual(await configs.all(), [whole]);
  const changed = configOf('a', { max_attempts: 9, retry_conditions: [{ ...condition, value: 5 }] });
  equal(await save(configs, changed), true);
  equal(await save(configs, changed), true);
  equalText(await configs.all(), [changed]);
  equal((await configs.history('a')).length, 2);
}

async function takesBack(configs: RetryConfigs): Promise<void> {
  await save(configs, configOf('a'));
  equal(await configs.has('a'), true);
  deepEqual(await configs.change('a', null, by), { replaced: true, version: 2 });
  deepEqual(await configs.change('a', null, by), { replaced: false, version: 2 });
  deepEqual([await configs.has('a'), await configs.count(), await configs.all(), await configs.listed()], [false, 0, [], []]);
  equal(await save(configs, configOf('a', { max_attempts: 2 })), false);
  equalText(await configs.all(), [configOf('a', { max_attempts: 2 })]);
  deepEqual(await configs.change('never', null, by), { replaced: false, version: 0 });
  deepEqual(await configs.history('never'), []);
}

async function keepsVersions(configs: RetryConfigs): Promise<void> {
  await save(configs, configOf('a'));
  await configs.change('a', null, { ...by, changed_by: 'bob' });
  await configs.change('a', configOf('a'), { ...by, reverted_to: 1 }, 2);
  deepEqual(await configs.history('a'), [
    { version: 3, config: configOf('a'), ...by, reverted_to: 1 },
    { version: 2, config: null, ...by, changed_by: 'bob' },
    { version: 1, config: configOf('a'), ...by },
  ]);
  for (let initial_delay = 6; initial_delay < versionsMax + 6; initial_delay += 1) {
    await save(configs, configOf('a', { initial_delay }));
  }
  const kept = await configs.history('a');
  deepEqual([kept.length, kept[0]?.version], [versionsMax, versionsMax + 3]);
}

async function refusesOutdated(configs: RetryConfigs): Promise<void> {
  equal(await configs.change('a', configOf('a'), by, 1), null);
  deepEqual(await configs.change('a', configOf('a'), by, 0), { replaced: false, version: 1 });
  equal(await configs.change('a', null, by, 2), null);
  equalText(await configs.all(), [configOf('a')]);
}

async function keepsValue(configs: RetryConfigs, value: unknown): Promise<void> {
  const config = configOf('a', { retry_conditions: [{ field: 'attempt', operator: 'eq', value }] });
  await save(configs, config);
  equalText(await configs.all(), [config]);
  deepEqual((await configs.history('a'))[0]?.config, config);
}

async function takesAtOnce(configs: RetryConfigs): Promise<void> {
  const changes = [1, 2, 3, 4, 5, 6].map((number) => configOf('a', { max_attempts: number, initial_delay: number }));
  const replaced = await Promise.all(changes.map((change) => save(configs, change)));
  equal(replaced.filter((was) => !was).length, 1);
  const [kept] = await configs.all();
  equal(
    changes.some((change) => JSON.stringify(change) === JSON.stringify(kept)),
    true,
  );
  deepEqual(
    (await configs.history('a')).map(({ version }) => version),
    [6, 5, 4, 3, 2, 1],
  );
}
