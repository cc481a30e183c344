// Whatever JSON a handler returns or a person gives is kept as it is, and costs no other task anything.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
});

afterAll(() => under.stop());

const outlandish = [
  '{"\\u0000":1}',
  '['.repeat(250) + ']'.repeat(250),
  '{"_bsontype":"Long"}',
  '{"$ref":"a","$id":1}',
  '{"a.b":{"$c":1}}',
];

test('the results of handlers, beside those of their neighbours', async () => {
  const { job_id: id } = await under.createJob({ type: 'test.echo', tasks: outlandish.map((text) => ({ payload: { text } })) });
  const { job_id: neighbour } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(300) });
  expect(await under.ended(id)).toMatchObject({ status: 'completed' });
  expect(await under.ended(neighbour)).toMatchObject({ status: 'completed', task_counts: { succeeded: 300 } });
  expect((await under.tasks(id)).map(({ result }) => JSON.stringify(result))).toEqual(outlandish);
});

test('the params of a manual recovery', async () => {
  const { job_id: id } = await under.createJob({
    type: 'test.echo',
    tasks: [{ payload: { text: '"echoed"', fatal: 'not yet' } }],
  });
  expect(await under.ended(id)).toMatchObject({ status: 'failed' });
  const [record] = await under.errors(id);
  const custom_params = { fatal: null, a: { '\0': 1 } };
  await under.operate('/error-operations', 'manualRecover', { error_record_id: record?.id, recovery_options: { custom_params } });
  await under.until(id, ({ status }) => expect(status).toBe('completed'));
  const [task] = await under.tasks(id);
  expect(task).toMatchObject({ state: 'succeeded', result: 'echoed', payload: { text: '"echoed"', ...custom_params } });
});
