import { expect, jest, test } from '@jest/globals';
import { EventEmitter } from 'node:events';

let made: Thread[] = [];
let isRefused = false;

/** In place of a thread: it does what a test says. */
class Thread extends EventEmitter {
  constructor() {
    super();
    made.push(this);
    if (isRefused) throw Object.assign(new Error('Access to this API has been restricted'), { code: 'ERR_ACCESS_DENIED' });
  }

  unref(): void {}

  postMessage(): void {}

  terminate(): Promise<void> {
    return Promise.resolve();
  }
}

jest.unstable_mockModule('node:worker_threads', () => ({ Worker: Thread }));
const { LinePacker } = await import('./line-packer.js');

const lines = [Buffer.alloc(100_000)];

test('where a process may have no threads its lines are sent as they are', async () => {
  made = [];
  isRefused = true;
  const packer = new LinePacker();
  expect([await packer.pack(lines), await packer.pack(lines)]).toEqual([null, null]);
  expect(made).toHaveLength(1);
  isRefused = false;
});

test('lines whose thread ends before it has packed them are sent as they are, and so are all that follow', async () => {
  made = [];
  const packer = new LinePacker();
  const waiting = packer.pack(lines);
  made[0]?.emit('error', new Error('zstdCompressSync is not a function'));
  made[0]?.emit('exit', 1);
  expect([await waiting, await packer.pack(lines)]).toEqual([null, null]);
  expect(made).toHaveLength(1);
});
