// Lines of logs are packed in a thread of their own, and what cannot be is sent as it is.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { zstdDecompressSync } from 'node:zlib';
import { LinePacker } from '../../../libs/worker-sdk/src/line-packer.js';

let packer: LinePacker;

beforeEach(() => {
  packer = new LinePacker();
});

const line = Buffer.from('INFO all is as it should be, and goes on as it did\n');
const piecesOf = (count: number): Buffer[] => Array.from({ length: count }, () => line);

afterEach(() => packer.close());

test('pieces are packed side by side, one time after the other', async () => {
  for (const count of [2_000, 3_000]) {
    const packed = await packer.pack(piecesOf(count));
    expect(zstdDecompressSync(packed ?? Buffer.alloc(0)).equals(Buffer.concat(piecesOf(count)))).toBe(true);
    expect(packed?.length).toBeLessThan((count * line.length) / 10);
  }
});

test('few lines are left as they are, and so are more than one message can hold', async () => {
  expect([await packer.pack(piecesOf(10)), await packer.pack(piecesOf(30_000))]).toEqual([null, null]);
});
