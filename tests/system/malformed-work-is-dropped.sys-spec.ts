// What a worker cannot read costs it nothing else that comes to it: it is dropped, and the same process works on.
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { subjects, type Inventory } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;
let nats: NatsConnection;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
  nats = await connect({ servers: under.platform.urls.nats });
});

afterAll(async () => {
  await nats?.close();
  await under?.stop();
});

test('the worker that was sent it runs the next job', async () => {
  const inventories: Inventory[] = [];
  nats.subscribe(subjects.inventories, { callback: (_, message) => void inventories.push(message.json()) });
  const { worker_id: id, pid } = await eventually(() => {
    const [first] = inventories;
    if (!first) throw new Error('No worker has told of itself.');
    return first;
  });
  for (const text of ['', 'null', '{broken', '{}', '{"indexes":[0]}\n{}']) nats.publish(subjects.work(id), text);
  for (const text of ['', 'null', '{broken', '[]', '{"kind":"cancel","tasks":7}']) nats.publish(subjects.control(id), text);
  await nats.flush();
  const job = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(100) });
  expect(await under.ended(job.job_id)).toMatchObject({ status: 'completed', task_counts: { succeeded: 100 } });
  inventories.length = 0;
  await eventually(() => expect(inventories).toMatchObject([{ worker_id: id, pid }]));
});
