import { describe, expect, test } from '@jest/globals';
import { builtInWorker } from './built-in-worker.config.js';

describe('the harmless commands are allowed without a rule', () => {
  test.each([
    { AUTH: 'off', API_HOST: '127.0.0.1' },
    { AUTH: 'off', API_HOST: '::1' },
    { AUTH: 'off' },
    { AUTH: 'on', API_HOST: '0.0.0.0', HARMLESS_COMMANDS: 'on' },
  ])('with %j', (environment) => {
    expect(builtInWorker(environment).harmlessCommands).toBe(true);
  });
});

describe('and nothing is, where others than the people of the machine may come in', () => {
  test.each([
    {},
    { AUTH: 'on', API_HOST: '127.0.0.1' },
    { AUTH: 'off', API_HOST: '0.0.0.0' },
    { AUTH: 'off', API_HOST: '127.0.0.1', HARMLESS_COMMANDS: 'off' },
  ])('with %j', (environment) => {
    expect(builtInWorker(environment).harmlessCommands).toBe(false);
  });
});

test('its files are in the home, unless they are elsewhere', () => {
  expect(builtInWorker({ KINTSUGI_HOME: '/srv/home' })).toMatchObject({
    rulesFile: '/srv/home/worker.yaml',
    commandsFolder: '/srv/home/data/commands',
    slots: 16,
  });
  expect(builtInWorker({ WORKER_RULES_FILE: '/etc/worker.yaml' })).toMatchObject({ rulesFile: '/etc/worker.yaml' });
});

test('what cannot be used is told all at once', () => {
  expect(() => builtInWorker({ BUILT_IN_SLOTS: '0', COMMAND_GRACE_MS: 'soon' })).toThrow(/COMMAND_GRACE_MS[^]*BUILT_IN_SLOTS/);
});
