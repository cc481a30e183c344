import { expect, test } from '@jest/globals';
import { bytesOfPart, logBatchSchema, type LogPart, type LogRun } from './log-batch.js';

const log = '01890a5d-ac96-774b-bcce-b302099a8057';
const run = (bytes: number): LogRun => ['0.0', 1, 1, bytes, bytes];

function isTaken(...given: Pick<LogPart, 'runs' | 'packed'>[]): boolean {
  const parts = given.map((part) => ({ log, bundled: false, base_ms: 0, first_ms: 0, last_ms: 0, ...part }));
  return logBatchSchema.safeParse({ v: 1, worker_id: 'w', sequence: 1, again: false, dropped: 0, parts }).success;
}

test('a part has the bytes of its lines in the body, or those that they are packed', () => {
  const runs = [run(100), run(20)];
  expect([bytesOfPart({ runs }), bytesOfPart({ runs, packed: 30 })]).toEqual([120, 30]);
});

test('a packed part is not taken that would unpack to more than a message can hold', () => {
  const many = Array.from({ length: 17 }, () => run(1024 * 1024));
  expect([isTaken({ runs: [run(1024 * 1024)], packed: 100 }), isTaken({ runs: many, packed: 100 })]).toEqual([true, false]);
});

test('nor are many of them, of which each could be one, and all together would', () => {
  const mebibytes = (count: number) => Array.from({ length: count }, () => ({ runs: [run(1024 * 1024)], packed: 100 }));
  expect([isTaken(...mebibytes(16)), isTaken(...mebibytes(17))]).toEqual([true, false]);
});
