// A pause of any process, or of all at once, under running tasks: no task of a living worker runs twice, no unsafe job is told as failed, nobody loses the lead.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BatchJob } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';
import { randomFrom } from './random-from.js';

const seed = Number(process.env['TEST_SEED'] ?? 20_261_126);
/** A hundred of 0.5 to 30 s: TEST_PAUSES=100 TEST_PAUSE_SECONDS=0.5-30. */
const pauses = Number(process.env['TEST_PAUSES'] ?? 8);
const [shortest = 3, longest = 6] = (process.env['TEST_PAUSE_SECONDS'] ?? '3-6').split('-').map(Number);
const services = ['job-service', 'recovery-service', 'metrics-service', 'gateway', 'nats-server', 'mongod'];
const everything = 'all at once';
/** What runs in each pause and until the next. */
const tasksPerPause = 40;
const taskMs = 2_000;
const timeoutMs = 120_000 + pauses * (longest + 10) * 1_000;

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 2, slots: 20 });
});

afterAll(() => under.stop());

async function pass(seconds: number): Promise<void> {
  const over = performance.now() + seconds * 1_000;
  await eventually(() => expect(performance.now()).toBeGreaterThan(over), { timeoutMs: seconds * 1_000 + 10_000 });
}

function signal(victim: string, kind: 'SIGSTOP' | 'SIGCONT'): void {
  const pids = victim === everything ? under.platform.pids() : under.platform.pids(victim);
  for (const pid of pids) process.kill(pid, kind);
}

/** The epochs of all leases: one rises when somebody else leads. */
async function epochs(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const database of ['kintsugi_jobs', 'kintsugi_recovery']) {
    const store = await Store.connect({ url: under.platform.urls.mongo, database, applicationName: 'test' }, () => undefined);
    for (const { _id, epoch } of await store.collection<{ _id: string; epoch: number }>('leases').find().toArray()) {
      found[_id] = epoch;
    }
    await store.close();
  }
  return found;
}

test(
  `seed ${seed}`,
  async () => {
    const random = randomFrom(seed);
    const statuses = new Set<string>();
    under.sink.verdict = () => ({ wait_ms: taskMs });
    const before = { epochs: await epochs(), pids: services.map((name) => under.platform.pids(name)) };
    const jobs: { id: string; safety: 'idempotent' | 'unsafe' }[] = [];
    const submit = async (): Promise<void> => {
      for (const safety of ['idempotent', 'unsafe'] as const) {
        const { job_id: id } = await eventually(() =>
          under.createJob({ type: 'test.deliver', safety, tasks: numberedTasks(tasksPerPause / 2) }),
        );
        jobs.push({ id, safety });
      }
    };
    const lookAtUnsafe = async (): Promise<void> => {
      for (const { id } of jobs.filter(({ safety }) => safety === 'unsafe')) {
        statuses.add((await eventually(() => under.job(id))).status);
      }
    };
    const victims = [...services, everything];
    for (let pause = 0; pause < pauses; pause += 1) {
      await submit();
      await pass(random());
      const victim = victims[(pause + seed) % victims.length] as string;
      signal(victim, 'SIGSTOP');
      await pass(shortest + random() * (longest - shortest));
      signal(victim, 'SIGCONT');
      await lookAtUnsafe();
    }
    const ended: BatchJob[] = [];
    for (const { id } of jobs) ended.push(await under.ended(id));
    for (const job of ended) expect(job).toMatchObject({ status: 'completed', task_counts: { succeeded: tasksPerPause / 2 } });
    const runs = under.sink.deliveries.map(({ task_id: task }) => task);
    expect(runs).toHaveLength(jobs.length * (tasksPerPause / 2));
    expect(new Set(runs).size).toBe(runs.length);
    for (const { id } of jobs) expect(await under.errors(id)).toEqual([]);
    expect([...statuses].filter((status) => !['pending', 'running', 'completed'].includes(status))).toEqual([]);
    expect(await epochs()).toEqual(before.epochs);
    expect(services.map((name) => under.platform.pids(name))).toEqual(before.pids);
  },
  timeoutMs,
);
