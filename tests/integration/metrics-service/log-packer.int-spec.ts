import { afterAll, expect, test } from '@jest/globals';
import { sieveOf } from '../../../apps/metrics-service/src/task-logs/domain/block-sieve.js';
import { decompressLines } from '../../../apps/metrics-service/src/task-logs/packing/compressed-lines.js';
import { LogPacker } from '../../../apps/metrics-service/src/task-logs/packing/log-packer.js';

const packer = new LogPacker();

afterAll(() => packer.onApplicationShutdown());

function linesOf(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, at) => `line ${at} of ${count}\n`).join(''));
}

test('lines come out as they went in, with the sieve that they have, however many are packed at once', async () => {
  const given = [10, 90_000, 3, 40_000, 90_000].map(linesOf);
  const packed = await Promise.all(given.map((lines) => packer.pack(lines)));
  for (const [at, lines] of given.entries()) {
    expect((await decompressLines(packed[at]?.lines ?? new Uint8Array(0), lines.length)).equals(lines)).toBe(true);
    expect(packed[at]?.sieve).toEqual(sieveOf(lines));
  }
});

test('after its thread has ended the next lines have another one', async () => {
  await packer.onApplicationShutdown();
  const lines = linesOf(100);
  expect((await decompressLines((await packer.pack(lines)).lines)).equals(lines)).toBe(true);
});

test('of lines that came packed the sieve is made, and what is said of them wrongly is found', async () => {
  const lines = linesOf(20_000);
  const { lines: packed, sieve } = await packer.pack(lines);
  expect(await packer.sift(packed, lines.length)).toMatchObject({ sieve });
  expect(await packer.sift(packed, lines.length - 1)).toBeNull();
  expect(await packer.sift(packed, lines.length + 1)).toBeNull();
  expect(await packer.sift(lines, lines.length)).toBeNull();
});
