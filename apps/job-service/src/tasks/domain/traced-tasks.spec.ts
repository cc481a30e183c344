import { expect, test } from '@jest/globals';
import type { Chunk } from './chunk.js';
import { traceOfTask } from './traced-tasks.js';

const ofJob = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const uuid = '01a21e9e-2549-73aa-91e9-3cb783b0611c';
const chunk = (sequence: string, traceparent?: string) =>
  ({ id: `${uuid}.${sequence}`, identity: { jobs: null, ...(traceparent ? { traceparent } : {}) } }) as Chunk;

test('of a traced job the first thousand tasks are traced, and its planning', () => {
  expect(traceOfTask(chunk('0', ofJob), 0)).toBe(ofJob);
  expect(traceOfTask(chunk('3', ofJob), 255)).toBe(ofJob);
  expect(traceOfTask(chunk('4', ofJob), 0)).toBeUndefined();
  expect(traceOfTask(chunk('plan', ofJob), 0)).toBe(ofJob);
  expect(traceOfTask(chunk('0'), 0)).toBeUndefined();
});

test('of a bundle each job is traced or not by itself', () => {
  const bundle = { id: `${uuid}.0`, identity: { jobs: [{ traceparent: ofJob }, {}, null] } } as unknown as Chunk;
  expect([0, 1, 2].map((index) => traceOfTask(bundle, index))).toEqual([ofJob, undefined, undefined]);
});
