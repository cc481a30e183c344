// With every process killed at random thirty times during one job, nothing is lost and no keyed task takes effect twice.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';
import { randomFrom } from './random-from.js';

const kills = 30;
const seed = Number(process.env['TEST_SEED'] ?? 20_261_123);
const victims = [
  'worker-1',
  'worker-2',
  'job-service',
  'recovery-service',
  'metrics-service',
  'gateway',
  'nats-server',
  'mongod',
];

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({
    workers: 2,
    slots: 20,
    environment: { RECONCILE_EVERY_MS: '2000', FORGOTTEN_AFTER_MS: '4000' },
  });
});

afterAll(() => under.stop());

test(`seed ${seed}`, async () => {
  const random = randomFrom(seed);
  const total = 4_000;
  // A fifth of the tasks fails at first, so that recovery is under fire too.
  under.sink.verdict = ({ payload, attempt }) => {
    const { number } = payload as { number: number };
    return { wait_ms: 200, ...(number % 5 === 0 && attempt === 1 ? { fail: 'at first' } : {}) };
  };
  const { job_id: id } = await under.createJob({ type: 'test.deliver', safety: 'keyed', tasks: numberedTasks(total) });
  for (let kill = 0; kill < kills; kill += 1) {
    const alive = victims.filter((name) => under.platform.pids(name).length > 0);
    expect(alive).not.toEqual([]);
    under.platform.kill(alive[Math.floor(random() * alive.length)] as string);
    const pause = Date.now() + 200 + random() * 1_000;
    await eventually(() => expect(Date.now()).toBeGreaterThan(pause));
  }
  await under.until(id, (job) => expect(job.status).toBe('running'));
  const job = await under.ended(id);
  expect(job).toMatchObject({ status: 'completed', total_tasks: total, task_counts: { succeeded: total } });
  const tasks = await under.tasks(id);
  expect(tasks).toHaveLength(total);
  // The receiver acts once a run key: each task has one, the same at every attempt, and no two share one.
  expect(under.sink.effects).toEqual(new Set(tasks.map((task) => task.id)));
  // A lost lease runs again as another attempt; one attempt is never given to two workers, nor twice to one.
  const runs = under.sink.deliveries.map(({ run_key: key, attempt }) => `${key} ${attempt}`);
  expect(new Set(runs).size).toBe(runs.length);
  const attempts = new Map(tasks.map((task) => [task.id, task.attempts]));
  for (const { task_id: task, attempt } of under.sink.deliveries) expect(attempt).toBeLessThanOrEqual(attempts.get(task) ?? 0);
  const keysOfTasks = new Map(under.sink.deliveries.map(({ task_id: task, run_key: key }) => [`${task} ${key}`, key]));
  expect(keysOfTasks.size).toBe(total);
});
