import { describe, expect, it } from '@jest/globals';
import { PlatformStartError } from '../start-error.js';
import { isLoopback, resolveSettings } from './platform-settings.js';

function faultsOf(values: Record<string, string>): string[] {
  try {
    resolveSettings([{ name: 'the environment', values }]);
  } catch (error) {
    if (error instanceof PlatformStartError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the settings of the platform', () => {
  it('have a default each', () => {
    expect(resolveSettings([]).settings).toEqual({
      API_HOST: '127.0.0.1',
      API_PORT: 8000,
      NATS_PORT: 4222,
      MONGO_PORT: 27117,
      MONITORING: 'off',
      PROMETHEUS_PORT: 9090,
      ALERTMANAGER_PORT: 9093,
      WORKERS: 1,
      WORKER_PROGRAM: ['examples/newsletter/dist/worker.js'],
      BUILT_IN_WORKER: 'on',
      COMPANION_PROGRAM: [],
      WORKER_SLOTS: 100,
      WORKER_DRAIN_MS: 8_000,
      WORKER_SAMPLE_MS: 5_000,
      AUTH: 'off',
      LOG_MAX_SIZE_MB: 100,
      LOG_RETENTION_DAYS: 7,
    });
  });

  it('come from the first source that gives them; an empty value gives nothing', () => {
    const { settings, environment } = resolveSettings([
      { name: 'the command line', values: { API_PORT: '9000', NATS_PORT: undefined } },
      { name: 'the environment', values: { API_PORT: '9001', NATS_PORT: '', WORKERS: '2' } },
      { name: '.env', values: { NATS_PORT: '4333', WORKERS: '3', MAX_RETRY_ATTEMPTS: '5' } },
    ]);
    expect(settings).toMatchObject({ API_PORT: 9000, NATS_PORT: 4333, WORKERS: 2 });
    expect(environment).toEqual({ API_PORT: '9000', NATS_PORT: '4333', WORKERS: '2', MAX_RETRY_ATTEMPTS: '5' });
  });

  it('are refused all at once, each with its name, its place and what is wrong', () => {
    const faults = faultsOf({ API_PORT: 'eighty', WORKERS: '65', AUTH: 'yes' });
    expect(faults).toEqual([
      'API_PORT is "eighty" (from the environment): a whole number from 1 to 65535 is wanted',
      'WORKERS is "65" (from the environment): a whole number from 0 to 64 is wanted',
      'AUTH is "yes" (from the environment): on or off is wanted',
    ]);
  });

  it('turn API keys on where others can reach the gateway, and do not let them be turned off there', () => {
    expect(resolveSettings([{ name: 'x', values: { API_HOST: '0.0.0.0' } }]).settings.AUTH).toBe('on');
    expect(resolveSettings([{ name: 'x', values: { AUTH: 'on' } }]).settings.AUTH).toBe('on');
    expect(faultsOf({ API_HOST: '0.0.0.0', AUTH: 'off' })).toEqual([expect.stringMatching(/^AUTH=off/)]);
  });

  it('refuse one port for two servers that are started, and only for those', () => {
    expect(faultsOf({ API_PORT: '4222' })).toEqual(['NATS_PORT and API_PORT are both 4222: give each its own port']);
    expect(faultsOf({ API_PORT: '4222', NATS_URL: 'nats://broker:4222' })).toEqual([]);
  });

  it('may name several worker programs', () => {
    const { settings } = resolveSettings([{ name: 'x', values: { WORKER_PROGRAM: 'a/worker.js, b/worker.js,' } }]);
    expect(settings.WORKER_PROGRAM).toEqual(['a/worker.js', 'b/worker.js']);
  });
});

describe('a loopback address', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s is one', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '10.0.0.1', '::', '127.0.0.1.example.com', ''])('%s is none', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});
