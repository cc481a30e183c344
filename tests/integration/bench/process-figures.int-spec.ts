import { afterEach, expect, test } from '@jest/globals';
import { spawnLeashed } from '@kintsugi/servers';
import { eventually } from '@kintsugi/testing';
import { cpuMsOf, memoryOf } from '../../../tools/bench/src/process/process-figures.js';

const stop: (() => void)[] = [];

afterEach(() => {
  for (const end of stop.splice(0)) end();
});

/** A process that lets a child of its own burn CPU time and end, and then waits. */
const program = `
  const { spawnSync } = require('node:child_process');
  const burn = 'const end = Date.now() + 1e4; let n = 0; while (process.cpuUsage().user < 400_000 && Date.now() < end) n += 1;';
  spawnSync(process.execPath, ['-e', burn]);
  setInterval(() => undefined, 1e6);
`;

test('the CPU time of children that have ended is counted, and memory is what the kernel says', async () => {
  const child = spawnLeashed(process.execPath, ['-e', program], { stdio: 'ignore' });
  stop.push(() => void child.kill('SIGKILL'));
  await eventually(() => expect(cpuMsOf([child.pid ?? 0])).toBeGreaterThanOrEqual(400));
  const { rssMb, pssMb } = memoryOf([child.pid ?? 0]);
  expect(rssMb).toBeGreaterThan(10);
  expect(pssMb).toBeLessThanOrEqual(rssMb);
});

test('a process that has ended costs nothing', () => {
  expect(cpuMsOf([0x7fffffff])).toBe(0);
  expect(memoryOf([0x7fffffff])).toEqual({ rssMb: 0, pssMb: 0 });
});
