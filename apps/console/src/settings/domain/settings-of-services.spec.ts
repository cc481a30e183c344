import { expect, test } from '@jest/globals';
import type { PlatformHealth } from '@kintsugi/contracts';
import { filteredSettings, settingsOf, type KnownSetting } from './settings-of-services.js';

const known = (name: string, service: string, fallback: string | null, meaning = ''): KnownSetting => ({
  ...{ name, service, type: 'string', fallback, meaning },
});
const reference = [
  known('LOG_LEVEL', '*', 'info', 'How much is logged.'),
  known('LOG_LEVEL', 'gateway', 'warn', 'How much the gateway logs.'),
  known('RETRY_WAIT_SECONDS', 'recovery-service', '30'),
];
const process = (
  service: string,
  instance: string,
  settings: Record<string, string> | null,
): PlatformHealth['processes'][number] => ({
  ...{ service, instance, settings, ready: true, checks: {}, cpu_percent: null, memory_mib: null, version: null },
});
const processes = [
  process('recovery-service', 'r-1', { RETRY_WAIT_SECONDS: '1', LOG_LEVEL: 'info' }),
  process('gateway', 'g-1', { LOG_LEVEL: 'info', NEW_ONE: '…' }),
  process('recovery-service', 'r-2', { RETRY_WAIT_SECONDS: '30', LOG_LEVEL: 'info' }),
  process('job-service', 'j-1', null),
];
const services = settingsOf(processes, reference);
const namesOf = (filter: Parameters<typeof filteredSettings>[1]) =>
  filteredSettings(services, filter).map(({ service, settings }) => [service, ...settings.map(({ name }) => name)]);

test('settings stand by service, each value with the processes that have it', () => {
  expect(services.map(({ service, instances }) => [service, instances])).toEqual([
    ['gateway', ['g-1']],
    ['recovery-service', ['r-1', 'r-2']],
  ]);
  expect(services[1]?.settings).toMatchObject([
    { name: 'LOG_LEVEL', values: [{ value: 'info', instances: ['r-1', 'r-2'] }], isChanged: false },
    {
      name: 'RETRY_WAIT_SECONDS',
      values: [
        { value: '1', instances: ['r-1'] },
        { value: '30', instances: ['r-2'] },
      ],
      isChanged: true,
    },
  ]);
});

test('what a service says of a setting counts more than what is said of all, and an unknown one is shown too', () => {
  expect(services[0]?.settings).toMatchObject([
    { name: 'LOG_LEVEL', known: { meaning: 'How much the gateway logs.' }, isChanged: true },
    { name: 'NEW_ONE', known: null, isChanged: false },
  ]);
});

test('a list stands as it is given, so that one that is as it comes does not differ', () => {
  const list = (value: string) => {
    const [of] = settingsOf([process('gateway', 'g-1', { ORIGINS: value })], [known('ORIGINS', 'gateway', '')]);
    return of?.settings.map(({ values, isChanged }) => [values[0]?.value, isChanged])[0];
  };
  expect(list('[]')).toEqual(['', false]);
  expect(list('["https://a.example","https://b.example"]')).toEqual(['https://a.example,https://b.example', true]);
  expect(list('[1')).toEqual(['[1', true]);
});

test('what is named after the host differs from nothing, whatever its name', () => {
  const named = { ...known('INSTANCE_ID', '*', null), named_after_host: true };
  const [of] = settingsOf([process('gateway', 'g-1', { INSTANCE_ID: 'host-1', TOKEN: '…' })], [named, known('TOKEN', '*', null)]);
  expect(of?.settings).toMatchObject([
    { name: 'INSTANCE_ID', isChanged: false },
    { name: 'TOKEN', isChanged: true },
  ]);
});

test('a reader finds them by words of name, value and meaning, by service, and those that are not as they come', () => {
  expect(namesOf({ q: 'LOGS gateway' })).toEqual([['gateway', 'LOG_LEVEL']]);
  expect(namesOf({ q: '30' })).toEqual([['recovery-service', 'RETRY_WAIT_SECONDS']]);
  expect(namesOf({ changed: true, service: 'recovery-service' })).toEqual([['recovery-service', 'RETRY_WAIT_SECONDS']]);
  expect(namesOf({ q: 'nowhere' })).toEqual([]);
});
