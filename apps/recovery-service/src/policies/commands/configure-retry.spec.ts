import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { natsActor, type RetryConfig, type RetryRule } from '@kintsugi/contracts';
import { ListRetryConfigs } from '../queries/list-retry-configs.js';
import { RetryConfigsInMemory } from '../retry-configs-in-memory.js';
import { retryConfigsMax } from '../retry-configs.js';
import { ConfigureRetry } from './configure-retry.js';
import { RevertRetry } from './revert-retry.js';
import { UnsetRetry } from './unset-retry.js';

const base = { max_attempts: 4, initial_delay: 5, max_delay: 60, backoff_factor: 2, retry_conditions: [] };
const requestFor = (error_type: string, initial_delay = 5) => ({ error_type, config: { ...base, error_type, initial_delay } });
const defaultPolicy = { ...base, error_type: '*', initial_delay: 1 };
const settings = {
  MAX_RETRY_ATTEMPTS: 3,
  RETRY_WAIT_SECONDS: 1,
  RETRY_MAX_DELAY_SECONDS: 60,
  RETRY_BACKOFF_MULTIPLIER: 2,
  RETRY_JITTER: 'full' as const,
};
const clock = { now: () => Date.parse('2026-11-23T06:00:00.000Z') };
const origin = { actor: { ...natsActor, name: 'ada' } };
const change = { changed_by: 'ada', changed_at: '2026-11-23T06:00:00.000Z' };

let configs: RetryConfigsInMemory;
let configure: (request: ReturnType<typeof requestFor>) => ReturnType<ConfigureRetry['execute']>;

beforeEach(() => {
  configs = new RetryConfigsInMemory();
  const command = new ConfigureRetry(configs, clock);
  configure = (request) => command.execute(request, origin);
});

describe('configureRetry', () => {
  it('tells whether it took the place of an earlier config', async () => {
    expect(await configure(requestFor('a'))).toEqual({ config: requestFor('a').config, replaced: false, version: 1 });
    expect(await configure(requestFor('a', 7))).toEqual({ config: requestFor('a', 7).config, replaced: true, version: 2 });
  });

  it('refuses a star that is not at the end', async () => {
    await expect(configure(requestFor('a*b'))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await configs.count()).toBe(0);
  });

  it('refuses a pattern that is none, and says where', async () => {
    const condition = { field: 'error_message', operator: 'matches' as const, value: '(a' };
    const rules: RetryRule[] = [{ when: [condition], action: 'retry' }];
    const { config } = requestFor('a');
    await expect(configure({ error_type: 'a', config: { ...config, rules } as typeof config })).rejects.toMatchObject({
      extras: { errors: [{ path: 'data.config.rules[0].when[0].value', allowed: expect.stringContaining('RE2') }] },
    });
  });

  it('changes configs but makes none beyond so many', async () => {
    for (let number = 0; number < retryConfigsMax; number += 1) await configure(requestFor(`type.${number}`));
    await expect(configure(requestFor('one.more'))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await configure(requestFor('type.7'))).toMatchObject({ replaced: true });
  });
});

describe('unsetRetry', () => {
  it('tells what holds instead: a prefix, or the default', async () => {
    const unset = new UnsetRetry(configs, clock, settings);
    await configure(requestFor('mail.*'));
    await configure(requestFor('mail.full'));
    expect(await unset.execute({ error_type: 'mail.full' }, origin)).toMatchObject({
      removed: true,
      config: { error_type: 'mail.*' },
    });
    expect(await unset.execute({ error_type: 'mail.*' }, origin)).toEqual({ removed: true, config: defaultPolicy });
    expect(await unset.execute({ error_type: 'mail.*' }, origin)).toMatchObject({ removed: false });
  });
});

describe('listRetryConfigs', () => {
  it('gives what was set for all others as the default, once it is set', async () => {
    const list = new ListRetryConfigs(configs, settings);
    expect(await list.execute()).toEqual({ default: defaultPolicy, items: [] });
    await configure(requestFor('*'));
    expect(await list.execute()).toMatchObject({ default: { error_type: '*', initial_delay: 5 } });
  });
});

describe('revertRetry', () => {
  const revert = (to?: number) =>
    new RevertRetry(configs, clock, settings).execute({ error_type: 'a', ...(to === undefined ? {} : { to }) }, origin);

  it('brings the version before back, and by another revert what it took away', async () => {
    await configure(requestFor('a', 5));
    await configure(requestFor('a', 7));
    expect(await revert()).toMatchObject({ config: { initial_delay: 5 }, version: 3, reverted_to: 1 });
    expect(await revert()).toMatchObject({ config: { initial_delay: 7 }, version: 4, reverted_to: 2 });
    expect(await revert(1)).toMatchObject({ config: { initial_delay: 5 }, version: 5, reverted_to: 1 });
  });

  it('of the first version takes it back', async () => {
    await configure(requestFor('a'));
    expect(await revert()).toMatchObject({ config: { error_type: '*' }, version: 2, reverted_to: 0 });
  });

  it('of what was never set, or to a version that is not there, is refused', async () => {
    await expect(revert()).rejects.toMatchObject({ code: 'RETRY_CONFIG_NOT_FOUND' });
    await configure(requestFor('a'));
    await expect(revert(9)).rejects.toMatchObject({ code: 'RETRY_CONFIG_NOT_FOUND' });
  });

  it('to a version from before what it says was refused, is refused with what is wrong in it', async () => {
    const retry_conditions = [{ field: 'error_type', operator: 'in', value: 'a' }];
    await configs.change('a', { ...requestFor('a').config, retry_conditions } as RetryConfig, change);
    await configure(requestFor('a', 7));
    await expect(revert()).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'config.retry_conditions[0].value', got: '"a"' }] },
    });
    expect(await configs.all()).toMatchObject([{ initial_delay: 7 }]);
  });

  it('that somebody else is ahead of is refused', async () => {
    await configure(requestFor('a'));
    const history = await configs.history('a');
    jest.spyOn(configs, 'history').mockResolvedValueOnce(history);
    await configure(requestFor('a', 7));
    await expect(revert()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});
