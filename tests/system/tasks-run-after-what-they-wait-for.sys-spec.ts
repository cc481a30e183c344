// Tasks that wait for others, and jobs that wait for jobs, run after them, once each, with what came of them, through kills of job-service.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest } from './platform-under-test.js';

const layers = 6;
const width = 5;
let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ slots: 4 });
});

afterAll(() => under.stop());

/** Each task of a layer waits for all of the layer before; the last waits for all of the last layer. */
function* lines(): Generator<unknown> {
  const layer = (number: number): string[] => Array.from({ length: width }, (_, index) => `t${number}.${index}`);
  yield { id: 'end', payload: layers, depends_on: layer(layers - 1) };
  for (let number = layers - 1; number >= 0; number -= 1) {
    for (const id of layer(number)) yield { id, payload: number, ...(number > 0 ? { depends_on: layer(number - 1) } : {}) };
  }
}

test('layers of an upload while job-service is killed', async () => {
  under.sink.verdict = ({ payload }) => ({ wait_ms: payload === 2 || payload === 4 ? 300 : 0 });
  const { job_id: id } = await under.upload({ type: 'test.gather' }, lines());
  const jobs = [[{ payload: 'after' }], [{ payload: 'after' }, { payload: 'after' }]];
  const waiting = await Promise.all(jobs.map((tasks) => under.createJob({ type: 'test.gather', depends_on: [id], tasks })));
  expect(waiting.map(({ status }) => status)).toEqual(['scheduled', 'scheduled']);
  for (const layer of [2, 4]) {
    await eventually(() => expect(under.sink.deliveries.some(({ payload }) => payload === layer)).toBe(true));
    under.platform.kill('job-service');
  }
  expect(await under.ended(id)).toMatchObject({ status: 'completed', task_counts: { succeeded: layers * width + 1 } });
  const firstOf = (layer: number): number => under.sink.deliveries.findIndex(({ payload }) => payload === layer);
  const lastOf = (layer: number): number => under.sink.deliveries.findLastIndex(({ payload }) => payload === layer);
  for (let layer = 1; layer <= layers; layer += 1) expect(lastOf(layer - 1)).toBeLessThan(firstOf(layer));
  for (const { job_id } of waiting) await under.ended(job_id);
  expect(under.sink.deliveries.findIndex(({ payload }) => payload === 'after')).toBeGreaterThan(lastOf(layers));
  expect(new Set(under.sink.deliveries.map(({ run_key }) => run_key)).size).toBe(layers * width + 1 + 3);
  const end = (await under.tasks(id)).find(({ key }) => key === 'end');
  expect(end?.result).toMatchObject(
    Array.from({ length: width }, (_, index) => ({ key: `t${layers - 1}.${index}`, state: 'succeeded' })),
  );
});
