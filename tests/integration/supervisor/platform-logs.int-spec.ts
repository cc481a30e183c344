// The logs of the platform's own processes are read as they are written, through their rotation, and nothing else is.
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { PlatformLogs } from '../../../tools/supervisor/src/process/platform-logs.js';

let home: TemporaryFolder;
const pathOf = (name: string): string => join(home.path, 'logs', name);
const textsOf = (lines: { text: string }[]): string[] => lines.map(({ text }) => text);

beforeEach(() => {
  home = createTemporaryFolder('platform-logs');
  mkdirSync(join(home.path, 'logs'));
  writeFileSync(pathOf('gateway.log'), 'three\nfour\n');
  writeFileSync(pathOf('gateway.2026-01-31T08-15-00-000Z.log'), 'two\n');
  writeFileSync(pathOf('gateway.2026-01-30T08-15-00-000Z.log'), 'one\n');
  writeFileSync(pathOf('mongod.log'), `${'x'.repeat(200_000)}\nlast\n`);
});

afterEach(() => home.remove());

test('the last lines reach into what was set aside', () => {
  const logs = new PlatformLogs(home.path, (name) => name === 'gateway');
  expect(logs.processes).toEqual(['gateway', 'mongod']);
  expect(textsOf(logs.last(1))).toEqual(['four']);
  expect(textsOf(logs.last(3))).toEqual(['two', 'three', 'four']);
  expect(textsOf(logs.last(9))).toEqual(['one', 'two', 'three', 'four']);
  expect(textsOf(new PlatformLogs(home.path, (name) => name === 'mongod').last(1))).toEqual(['last']);
});

test('what comes later follows, whole lines only, also after the log was emptied', () => {
  const logs = new PlatformLogs(home.path, (name) => name === 'gateway');
  logs.last(1);
  expect(logs.news()).toEqual([]);
  appendFileSync(pathOf('gateway.log'), 'five\nsi');
  expect(logs.news()).toEqual([{ process: 'gateway', text: 'five' }]);
  appendFileSync(pathOf('gateway.log'), 'x\n');
  expect(textsOf(logs.news())).toEqual(['six']);
  truncateSync(pathOf('gateway.log'), 0);
  appendFileSync(pathOf('gateway.log'), 'anew\n');
  expect(textsOf(logs.news())).toEqual(['anew']);
});

test('a character that lies across two pieces, or was half written, is told whole', () => {
  const logs = new PlatformLogs(home.path, (name) => name === 'gateway');
  logs.last(1);
  const long = `${'x'.repeat(64 * 1024 - 1)}ü`;
  appendFileSync(pathOf('gateway.log'), `${long}\n`);
  expect(textsOf(logs.news())).toEqual([long]);
  const [first, ...others] = Buffer.from('ü\n');
  appendFileSync(pathOf('gateway.log'), Buffer.from([first!]));
  expect(logs.news()).toEqual([]);
  appendFileSync(pathOf('gateway.log'), Buffer.from(others));
  expect(textsOf(logs.news())).toEqual(['ü']);
});

test('a link among the logs leads nowhere, and a home without logs has none', () => {
  writeFileSync(join(home.path, 'secret'), 'secret\n');
  symlinkSync(join(home.path, 'secret'), pathOf('evil.log'));
  const logs = new PlatformLogs(home.path);
  expect(logs.processes).not.toContain('evil');
  expect(textsOf([...logs.last(5), ...logs.news()])).not.toContain('secret');
  expect(new PlatformLogs(join(home.path, 'nowhere')).last(5)).toEqual([]);
});
