// A schedule makes one job a tick, through restarts of job-service and edits of people, and each tenant has its own.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceActor, type ActionInput, type ActionName, type ActionResponse, type ScheduleView } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

let servers: TestServers;
let service: JobServiceUnderTest;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

const names: string[] = [];

afterEach(async () => {
  for (const name of names.splice(0)) await call('deleteSchedule', { name }).catch(() => undefined);
});

function call<Action extends ActionName>(
  action: Action,
  data: ActionInput<Action>,
  tenant?: string,
): Promise<ActionResponse<Action>> {
  const actor = tenant === undefined ? undefined : { ...serviceActor('job-service'), key: 'k', name: 'ann', tenant };
  return callAction(service.bus, action, data, actor ? { origin: { actor, requestId: 'r' } } : {});
}

function nameOf(): string {
  const name = `s-${uuidv7()}`;
  names.push(name);
  return name;
}

const job = { product_id: 'p', sending_group_id: 'g', type: 'nobody.here', tasks: [{ payload: { n: 1 } }] };

async function jobsOf(name: string): Promise<string[]> {
  const bundles = await service.store.collection('chunks').find().toArray();
  return bundles
    .flatMap((chunk) => (chunk['jobs'] ?? []) as ({ id: string; labels?: Record<string, string> } | null)[])
    .filter((held) => held?.labels?.['schedule'] === name)
    .map((held) => held?.id ?? '');
}

async function ran(name: string, times: number): Promise<ScheduleView> {
  return eventually(async () => {
    const schedule = await call('getSchedule', { name });
    expect(schedule.runs).toBeGreaterThanOrEqual(times);
    return schedule;
  });
}

/** Of a schedule of one tick a second that was paused: a tick whose job was being made then is noted soon after. */
async function hasOneJobATick(name: string): Promise<void> {
  await eventually(async () => {
    const { runs, last_tick, created_at, missed, skipped } = await call('getSchedule', { name });
    const ticks = (Date.parse(last_tick as string) - Date.parse(created_at)) / 1_000;
    expect({ jobs: (await jobsOf(name)).length, runs, missed, skipped }).toEqual({
      jobs: ticks,
      runs: ticks,
      missed: 0,
      skipped: 0,
    });
  });
}

it('makes one job a tick, across a restart in between', async () => {
  const name = nameOf();
  await call('createSchedule', { name, every_s: 1, overlap: 'allow', catch_up: 'all', job });
  await ran(name, 2);
  await service.stop();
  service = await startJobService(servers);
  await ran(name, 4);
  const paused = await call('pauseSchedule', { name });
  expect(paused).toMatchObject({ paused: true, next_at: null, missed: 0, skipped: 0 });
  await hasOneJobATick(name);
});

it('makes one job a tick while another replica stands by, and while it takes over', async () => {
  const name = nameOf();
  await call('createSchedule', { name, every_s: 1, overlap: 'allow', catch_up: 'all', job });
  // It has started once it leads.
  const next = startJobService(servers, { INSTANCE_ID: 'next' });
  await ran(name, 2);
  await service.stop();
  service = await next;
  const { runs } = await call('getSchedule', { name });
  await ran(name, runs + 2);
  await call('pauseSchedule', { name });
  await hasOneJobATick(name);
});

it('waits for nobody once it is paused, and goes on with the next tick', async () => {
  const name = nameOf();
  await call('createSchedule', { name, cron: '0 0 1 1 *', job });
  await call('pauseSchedule', { name });
  const { next_at, next_times } = await call('resumeSchedule', { name });
  expect(next_at).toMatch(/-01-01T00:00:00.000Z$/);
  expect(next_times).toHaveLength(10);
});

it('is made once, changed in part, triggered by hand and deleted', async () => {
  const name = nameOf();
  await call('createSchedule', { name, cron: '0 0 1 1 *', job });
  await expect(call('createSchedule', { name, every_s: 5, job })).rejects.toMatchObject({ code: 'SCHEDULE_EXISTS' });
  const changed = await call('updateSchedule', { name, time_zone: 'Asia/Tokyo', overlap: 'queue' });
  expect(changed).toMatchObject({ cron: '0 0 1 1 *', overlap: 'queue', time_zone: 'Asia/Tokyo', catch_up: 'last' });
  expect(changed.next_at).toMatch(/-12-31T15:00:00.000Z$/);
  const { job_id } = await call('triggerSchedule', { name });
  expect(await jobsOf(name)).toEqual([job_id]);
  expect((await call('listSchedules', {})).items.map((schedule) => schedule.name)).toContain(name);
  await call('deleteSchedule', { name });
  await expect(call('getSchedule', { name })).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
});

it('is listed a page at a time, each of which fits into a message, however large the jobs are', async () => {
  const large = { ...job, tasks: [{ payload: 'x'.repeat(300_000) }] };
  const made = [nameOf(), nameOf(), nameOf()].sort();
  for (const name of made) await call('createSchedule', { name, cron: '0 0 1 1 *', job: large });
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: ActionResponse<'listSchedules'> = await call('listSchedules', { limit: 50, ...(cursor ? { cursor } : {}) });
    expect(page.items.length).toBeLessThan(3);
    found.push(...page.items.map(({ name }) => name));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(found).toEqual(made);
});

describe('is refused', () => {
  it.each([
    ['a line that says no times', { cron: 'whenever' }, 'data.cron'],
    ['both ways to tick', { cron: '* * * * *', every_s: 5 }, 'data.cron'],
    ['no way to tick', {}, 'data.cron'],
    ['a zone that there is not', { cron: '* * * * *', time_zone: 'Mars/Olympus' }, 'data.time_zone'],
    ['a job that is none', { every_s: 5, job: { ...job, priority: 12 } }, 'data.job.priority'],
  ])('%s', async (_, given, path) => {
    await expect(call('createSchedule', { name: nameOf(), job, ...given })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [expect.objectContaining({ path })] },
    });
  });
});

it('is its tenant’s: others neither see it nor change it, and may have one of the same name', async () => {
  const name = nameOf();
  await call('createSchedule', { name, cron: '0 0 1 1 *', job }, 'one');
  await expect(call('getSchedule', { name }, 'two')).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
  await expect(call('deleteSchedule', { name }, 'two')).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
  expect(await call('createSchedule', { name, cron: '0 0 2 2 *', job }, 'two')).toMatchObject({ tenant: 'two' });
  expect((await call('listSchedules', {}, 'two')).items.map(({ tenant }) => tenant)).not.toContain('one');
  for (const tenant of ['one', 'two']) await call('deleteSchedule', { name }, tenant);
});
