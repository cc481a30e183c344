import { deepEqual } from 'node:assert/strict';
import { uuid } from '../tasks/domain/chunk-sample.js';
import type { KeptStep } from './kept-step.js';
import type { StepRecord } from './step-record.js';

/** What every record of steps promises. `record` begins without any. */
export const stepPromises: [promise: string, hold: (record: StepRecord) => Promise<void>][] = [
  ['gives the steps of tasks back as they were kept, in their order, and no others', givesBack],
  ['keeps at a place what the later lease has kept, whichever comes first', keepsTheLater],
  ['removes the steps of the tasks that are named', removesOfTasks],
  ['removes the steps of a job, and not those of its neighbours', removesOfJob],
];

const [first, second, other] = [`task_${uuid}.0.1`, `task_${uuid}.0.12`, `task_${uuid}.10.1`] as const;

export function stepOf(given: Partial<KeptStep> = {}): KeptStep {
  const what = { taskId: first, sequence: 0, name: 'charge', fence: 1, attempt: 1 };
  return { ...what, startedAt: 1_700_000_000_000, tookUs: 2_500, result: '{"a.b":{"$set":[1]}}', ...given };
}

/** All that is kept of tasks. */
async function kept(record: StepRecord, taskIds: readonly string[]): Promise<KeptStep[]> {
  return record.read(await record.heads(taskIds));
}

async function givesBack(record: StepRecord): Promise<void> {
  const steps = [0, 2, 10, 255].map((sequence) =>
    stepOf({ sequence, name: `step ${sequence}`, result: sequence > 2 ? '' : '1' }),
  );
  await record.write([...steps].reverse());
  await record.write([stepOf({ taskId: second }), stepOf({ taskId: other })]);
  deepEqual(await kept(record, [first]), steps);
  deepEqual(await kept(record, [other, first]), [...steps, stepOf({ taskId: other })]);
  deepEqual(await kept(record, [`task_${uuid}.0.2`]), []);
  deepEqual(
    await record.heads([first]),
    steps.map(({ result: _, ...head }) => head),
  );
  const places = [stepOf({ sequence: 10 }), stepOf({ sequence: 7 }), stepOf({ taskId: other }), stepOf()];
  deepEqual(await record.read(places), [steps[2], stepOf({ taskId: other }), steps[0]]);
}

async function keepsTheLater(record: StepRecord): Promise<void> {
  await record.write([stepOf({ fence: 3, name: 'of the third' }), stepOf({ sequence: 1, fence: 1, name: 'of the first' })]);
  await record.write([stepOf({ fence: 2, name: 'late' }), stepOf({ sequence: 1, fence: 2, name: 'of the second' })]);
  deepEqual(
    (await kept(record, [first])).map(({ name }) => name),
    ['of the third', 'of the second'],
  );
  await record.write([stepOf({ fence: 3, name: 'of the third' })]);
  deepEqual((await kept(record, [first])).length, 2);
}

async function removesOfTasks(record: StepRecord): Promise<void> {
  await record.write([first, second, other].flatMap((taskId) => [stepOf({ taskId }), stepOf({ taskId, sequence: 7 })]));
  await record.removeOfTasks([first, other]);
  await record.removeOfTasks([first]);
  deepEqual(
    (await kept(record, [first, second, other])).map(({ taskId }) => taskId),
    [second, second],
  );
}

async function removesOfJob(record: StepRecord): Promise<void> {
  const neighbour = `task_${uuid.slice(0, -1)}8.0.0`;
  await record.write([first, second, other, neighbour].map((taskId) => stepOf({ taskId })));
  await record.removeOfJob(`job_${uuid}`);
  deepEqual(
    (await kept(record, [first, second, other, neighbour])).map(({ taskId }) => taskId),
    [neighbour],
  );
}
