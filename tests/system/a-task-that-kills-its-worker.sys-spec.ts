// A task that kills its worker ends in quarantine, and none of those that stood beside it does.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 2, slots: 50 });
});

afterAll(() => under.stop());

function isKiller(payload: unknown): boolean {
  return (payload as { number: number }).number === 120;
}

test.each([
  ['that are over in a moment', 0],
  ['that run for long beside it', 700],
])('among tasks %s', async (_about, waitMs) => {
  const from = under.sink.deliveries.length;
  under.sink.verdict = ({ payload }) => (isKiller(payload) ? { kill: true } : { wait_ms: waitMs });
  const { job_id: id } = await under.createJob({ type: 'test.deliver', safety: 'keyed', tasks: numberedTasks(300) });
  const job = await under.ended(id);
  expect(job).toMatchObject({ status: 'failed', task_counts: { succeeded: 299, quarantined: 1 } });
  const killer = (await under.tasks(id)).find(({ payload }) => isKiller(payload));
  expect(killer).toMatchObject({ state: 'quarantined', error: { error_type: 'worker.lost' } });
  // Four times among ever fewer others at most, and five times alone.
  const deaths = under.sink.deliveries.slice(from).filter(({ payload }) => isKiller(payload));
  expect(deaths.length).toBeGreaterThanOrEqual(5);
  expect(deaths.length).toBeLessThanOrEqual(9);
});
