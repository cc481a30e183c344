// A schedule makes one job a tick while job-service is killed again and again: no tick is lost, and none comes twice.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BatchJob, ScheduleView } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest } from './platform-under-test.js';

const kills = 3;
const name = 'each-second';
let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
});

afterAll(() => under.stop());

async function ranTo(runs: number): Promise<ScheduleView> {
  return eventually(async () => {
    const schedule = await under.get<ScheduleView>(`/v1/schedules/${name}`);
    expect(schedule.runs).toBeGreaterThanOrEqual(runs);
    return schedule;
  });
}

test('a schedule of one tick a second has a job for each, with its label', async () => {
  const job = { product_id: 'product', sending_group_id: name, type: 'test.deliver', tasks: [{ payload: {} }] };
  await under.operate('/job-operations', 'createSchedule', { name, every_s: 1, overlap: 'allow', catch_up: 'all', job });
  for (let kill = 1; kill <= kills; kill += 1) {
    const { runs } = await ranTo(2 * kill);
    const [before] = under.platform.pids('job-service');
    under.platform.kill('job-service');
    await eventually(() => expect(under.platform.pids('job-service')).not.toEqual([before]));
    await ranTo(runs + 1);
  }
  await under.operate('/job-operations', 'pauseSchedule', { name });
  await eventually(async () => {
    const schedule = await under.get<ScheduleView>(`/v1/schedules/${name}`);
    const jobs = await under.jobsOf(name);
    expect(jobs.map(({ status, labels }: BatchJob) => [status, labels['schedule']])).toEqual(
      Array(schedule.runs).fill(['completed', name]),
    );
    const ticks = (Date.parse(schedule.last_tick ?? '') - Date.parse(schedule.created_at)) / 1_000;
    expect(schedule).toMatchObject({ runs: ticks, skipped: 0, missed: 0 });
    expect(under.sink.effects.size).toBe(schedule.runs);
  });
});
