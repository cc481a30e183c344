import { expect, test } from '@jest/globals';
import type { KeptStep } from './kept-step.js';
import { stepOf } from './step-record-conformance.js';
import { StepRecordInMemory } from './step-record-in-memory.js';
import { StepWriter } from './step-writer.js';

test('whoever waits for what is being written does not wait for what comes later', async () => {
  const record = new StepRecordInMemory();
  const written: number[] = [];
  let isOver = false;
  const all: Promise<void>[] = [];
  let writer: StepWriter | null = null;
  let sequence = 0;
  const keepNext = (): void => void (writer && all.push(writer.keep(stepOf({ sequence: (sequence += 1) }))));
  record.write = async (steps: readonly KeptStep[]) => {
    // Another one waits before this one is written: there is never a moment without.
    if (!isOver) keepNext();
    await new Promise(setImmediate);
    written.push(...steps.map((step) => step.sequence));
  };
  writer = new StepWriter(record);
  keepNext();
  let isSettled = false;
  const settled = writer.settled().then(() => (isSettled = true));
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(isSettled).toBe(true);
  expect(written).toContain(1);
  isOver = true;
  await Promise.all([settled, ...all]);
});

test('what could not be written is waited for no longer', async () => {
  const record = new StepRecordInMemory();
  record.write = () => Promise.reject(new Error('full'));
  const writer = new StepWriter(record);
  const kept = expect(writer.keep(stepOf())).rejects.toThrow('full');
  await writer.settled();
  await kept;
});
