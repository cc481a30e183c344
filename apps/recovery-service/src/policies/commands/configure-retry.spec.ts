import { beforeEach, describe, expect, it } from '@jest/globals';
import { ListRetryConfigs } from '../queries/list-retry-configs.js';
import { RetryConfigsInMemory } from '../retry-configs-in-memory.js';
import { retryConfigsMax } from '../retry-configs.js';
import { ConfigureRetry } from './configure-retry.js';
import { UnsetRetry } from './unset-retry.js';

const base = { max_attempts: 4, initial_delay: 5, max_delay: 60, backoff_factor: 2, retry_conditions: [] };
const requestFor = (error_type: string, initial_delay = 5) => ({ error_type, config: { ...base, error_type, initial_delay } });
const defaultPolicy = { ...base, error_type: '*', initial_delay: 1 };
const settings = {
  MAX_RETRY_ATTEMPTS: 3,
  RETRY_WAIT_SECONDS: 1,
  RETRY_MAX_DELAY_SECONDS: 60,
  RETRY_BACKOFF_MULTIPLIER: 2,
};

let configs: RetryConfigsInMemory;
let configure: ConfigureRetry;

beforeEach(() => {
  configs = new RetryConfigsInMemory();
  configure = new ConfigureRetry(configs);
});

describe('configureRetry', () => {
  it('tells whether it took the place of an earlier config', async () => {
    expect(await configure.execute(requestFor('a'))).toEqual({ config: requestFor('a').config, replaced: false });
    expect(await configure.execute(requestFor('a', 7))).toEqual({ config: requestFor('a', 7).config, replaced: true });
  });

  it('refuses a star that is not at the end', async () => {
    await expect(configure.execute(requestFor('a*b'))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await configs.count()).toBe(0);
  });

  it('changes configs but makes none beyond so many', async () => {
    for (let number = 0; number < retryConfigsMax; number += 1) await configure.execute(requestFor(`type.${number}`));
    await expect(configure.execute(requestFor('one.more'))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await configure.execute(requestFor('type.7'))).toMatchObject({ replaced: true });
  });
});

describe('unsetRetry', () => {
  it('tells what holds instead: a prefix, or the default', async () => {
    const unset = new UnsetRetry(configs, settings);
    await configure.execute(requestFor('mail.*'));
    await configure.execute(requestFor('mail.full'));
    expect(await unset.execute({ error_type: 'mail.full' })).toMatchObject({ removed: true, config: { error_type: 'mail.*' } });
    expect(await unset.execute({ error_type: 'mail.*' })).toEqual({ removed: true, config: defaultPolicy });
    expect(await unset.execute({ error_type: 'mail.*' })).toMatchObject({ removed: false });
  });
});

describe('listRetryConfigs', () => {
  it('gives what was set for all others as the default, once it is set', async () => {
    const list = new ListRetryConfigs(configs, settings);
    expect(await list.execute()).toEqual({ default: defaultPolicy, items: [] });
    await configure.execute(requestFor('*'));
    expect(await list.execute()).toMatchObject({ default: { error_type: '*', initial_delay: 5 } });
  });
});
