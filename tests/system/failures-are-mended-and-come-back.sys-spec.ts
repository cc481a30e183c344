// A job that failed is run again in part and reuses what is good; a group that was resolved is told of when it comes back.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient, type Client } from '@kintsugi/client';
import { subjects, type EventData } from '@kintsugi/contracts';
import { Bus } from '@kintsugi/messaging';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

const head = { product_id: 'product', sending_group_id: 'group', type: 'test.gather' };
/** a and b feed c, which feeds d. */
const tasks = [
  { id: 'a', payload: { name: 'a' } },
  { id: 'b', payload: { name: 'b' } },
  { id: 'c', payload: { name: 'c' }, depends_on: ['a', 'b'] },
  { id: 'd', payload: { name: 'd' }, depends_on: ['c'] },
];

let under: PlatformUnderTest;
let client: Client;
let bus: Bus;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
  client = createClient({ baseUrl: under.platform.urls.api });
  bus = await Bus.connect({ servers: under.platform.urls.nats, name: 'test' });
});

afterAll(async () => {
  await bus?.close();
  await under?.stop();
});

const nameOf = (payload: unknown): string => (payload as { name: string }).name;

test('a job whose tasks wait for one another failed in the middle, and runs again from there with what had succeeded', async () => {
  under.sink.verdict = ({ payload }) => (nameOf(payload) === 'c' ? { fatal: 'the printer is away' } : {});
  const { job_id } = await client.createJob({ ...head, tasks });
  expect(await under.ended(job_id)).toMatchObject({ status: 'failed', task_counts: { succeeded: 2, dead: 2 } });

  const keysOf = (list: { tasks: { key: string | null }[] }): (string | null)[] => list.tasks.map(({ key }) => key).sort();
  const plan = await client.rerunPartial(job_id, { dry_run: true });
  expect([keysOf(plan.rerun), keysOf(plan.reuse), plan.run]).toEqual([['c', 'd'], ['a', 'b'], null]);

  under.sink.verdict = () => ({});
  const before = under.sink.deliveries.length;
  const { run } = await client.rerunPartial(job_id);
  expect(await under.ended(run?.job_id ?? '')).toMatchObject({ status: 'completed', original_job_id: job_id });
  expect(under.sink.deliveries.slice(before).map(({ payload }) => nameOf(payload))).toEqual(['c', 'd']);
  const again = (await under.tasks(run?.job_id ?? '')).find(({ key }) => key === 'c');
  expect(again?.result).toMatchObject([
    { key: 'a', state: 'succeeded', result: [] },
    { key: 'b', state: 'succeeded', result: [] },
  ]);
});

test('a group that was resolved is open again with the next such failure, and the world is told', async () => {
  const told: EventData<'group.regressed'>['groups'] = [];
  bus.subscribe(subjects.event('group.regressed'), (message) => {
    told.push(...message.json<EventData<'group.regressed'>>().groups);
  });
  under.sink.verdict = ({ payload }) => ({ fatal: `Shelf ${(payload as { number: number }).number} is empty` });
  const fail = async (): Promise<string> => {
    const { job_id } = await client.createJob({ ...head, type: 'test.deliver', tasks: numberedTasks(2) });
    await under.ended(job_id);
    return job_id;
  };
  const first = await fail();
  const [group] = await eventually(async () => {
    const found = await under.groups(first);
    expect(found.map(({ count }) => count)).toEqual([2]);
    return found;
  });
  const group_id = group?.id ?? '';
  await eventually(async () => expect(await client.getGroup(group_id)).toMatchObject({ count: 2 }));
  await client.updateGroup({ group_id, state: 'resolved' });
  const second = await fail();
  await eventually(async () => expect(await client.getGroup(group_id)).toMatchObject({ state: 'open', regressions: 1 }));
  await eventually(() => expect(told).toContainEqual(expect.objectContaining({ group_id, job_id: second })));
});
