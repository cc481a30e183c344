import { expect, test } from '@jest/globals';
import { PLAN_SEQUENCE, chunkIdOf } from '@kintsugi/contracts';
import { v7 } from 'uuid';
import { planSequence, sequenceOf } from './chunk-sequence.js';

test('the plan of a job has a place before all chunks of its tasks', () => {
  const jobId = `job_${v7()}`;
  const places = ([PLAN_SEQUENCE, 0, 1, 1_000_000] as const).map((sequence) => sequenceOf({ id: chunkIdOf(jobId, sequence) }));
  expect(places).toEqual([planSequence, 0, 1, 1_000_000]);
  expect(planSequence).toBeLessThan(0);
});
