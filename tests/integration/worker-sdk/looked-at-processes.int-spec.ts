// What is read of processes leaves no memory behind that waits to be collected.
import { expect, test } from '@jest/globals';
import { pids, readText, startTimeOf } from '../../../libs/worker-sdk/src/process/proc-files.js';

// eslint-disable-next-line no-restricted-syntax -- there is no /proc elsewhere
const testOnLinux = process.platform === 'linux' ? test : test.skip;

testOnLinux('a look at a hundred processes takes no memory beside their texts', () => {
  expect(pids()).toContain(process.pid);
  startTimeOf(process.pid);
  const before = process.memoryUsage().arrayBuffers;
  for (let read = 0; read < 100; read += 1) expect(readText('/proc/self/stat')?.startsWith(`${process.pid} (`)).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256 * 1024);
});
