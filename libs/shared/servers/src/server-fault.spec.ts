import { describe, expect, test } from '@jest/globals';
import { faultInLog, faultOfDisk } from './server-fault.js';

const place = { folder: '/srv/data', logFile: '/srv/logs/mongod.log' };
const line = (severity: string, msg: string, attr: object = {}): string =>
  JSON.stringify({ t: { $date: '2026-01-01T00:00:00.000Z' }, s: severity, c: 'STORAGE', id: 1, ctx: 'main', msg, attr });

describe('the log of a mongod tells in words', () => {
  test.each([
    [
      'a full disk',
      line('E', 'WiredTiger error message', { error: 28, message: 'write: No space left on device' }),
      'the disk is full',
    ],
    ['damaged files', line('F', 'Failed to open WiredTiger', { msg: 'metadata corruption' }), 'its files are damaged'],
    [
      'a full disk that left damage behind',
      [line('E', 'fatal: WT_PANIC'), line('E', 'pwrite', { message: 'No space left on device' })].join('\n'),
      'the disk is full',
    ],
    ['files of another version', line('F', 'Wrong mongod version'), 'its files were written by another version of mongod'],
    [
      'files in use',
      line('E', 'DBException', { error: 'DBPathInUse: Unable to lock the lock file' }),
      'another mongod uses its files',
    ],
  ])('%s', (_, log, reason) => {
    expect(faultInLog('mongod', log, place)).toMatchObject({ reason });
  });

  test('where the data is, and where the log', () => {
    const { advice } = faultInLog('mongod', line('F', 'corrupt'), place)!;
    expect(advice).toContain(place.folder);
    expect(advice).toContain(place.logFile);
  });

  test.each([
    ['nothing that is known', line('F', 'out of luck')],
    ['words of what went well', line('I', 'No corruption found; checksum correct')],
    ['nothing', ''],
  ])('nothing of %s', (_, log) => {
    expect(faultInLog('mongod', log, place)).toBeNull();
  });
});

test('a disk without room tells what a log on it cannot', () => {
  expect(faultOfDisk('mongod', 0, place)).toMatchObject({ reason: 'the disk is full' });
  expect(faultOfDisk('mongod', 1024 ** 3, place)).toBeNull();
});
