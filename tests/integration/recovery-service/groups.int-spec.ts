// Failures of one kind are one group, whatever jobs they strike; people say what they do about it, and hear when it comes back.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { subjects, type EventData, type FailureGroup } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { startRecoveryService, type RecoveryServiceUnderTest } from './recovery-service-under-test.js';

let servers: TestServers;
let replicas: RecoveryServiceUnderTest[] = [];
let jobService: JobServiceSide;
const reopened: EventData<'group.reopened'>['groups'] = [];
/** By the id of the event: the same event may be told again. */
const regressed = new Map<string | undefined, EventData<'group.regressed'>['groups']>();

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  jobService.bus.subscribe(subjects.event('group.regressed'), (message) => {
    regressed.set(message.headers?.get('Nats-Msg-Id'), message.json<EventData<'group.regressed'>>().groups);
  });
  jobService.bus.subscribe(subjects.event('group.reopened'), (message) => {
    reopened.push(...message.json<EventData<'group.reopened'>>().groups);
  });
  // Groups are seen to ten times as often as commands are sent again.
  const environment = { COMMAND_RESEND_SECONDS: '1' };
  replicas = [await startRecoveryService(servers, environment), await startRecoveryService(servers, environment)];
});

afterAll(async () => {
  for (const replica of replicas) await replica.stop();
  await jobService?.close();
  await servers?.stop();
});

async function fail(errorType: string, ...messages: string[]): Promise<string> {
  const job = newJob();
  const tasks = messages.map((error_message, index) =>
    failureOf(job, index, { error_type: errorType, error_message, failed_at: new Date().toISOString() }),
  );
  // An event each: both replicas take some.
  for (const task of tasks) await jobService.emit('task.failed', { tasks: [task] });
  return job.jobId;
}

async function groupsOf(errorType: string): Promise<FailureGroup[]> {
  return (await callAction(jobService.bus, 'listGroups', { error_type: errorType })).items;
}

async function oneGroup(errorType: string, count: number): Promise<FailureGroup> {
  return eventually(async () => {
    const groups = await groupsOf(errorType);
    expect(groups).toMatchObject([{ count }]);
    return groups[0] as FailureGroup;
  });
}

describe('failures that differ in values', () => {
  it('are one group across jobs and replicas, with its records', async () => {
    const jobs = [await fail('t.port', 'port 1 is closed', 'port 22 is closed'), await fail('t.port', 'port 333 is closed')];
    const group = await oneGroup('t.port', 3);
    expect(group).toMatchObject({ title: 'port <*> is closed', state: 'open', regressions: 0 });
    expect(new Set(group.recent_job_ids)).toEqual(new Set(jobs));
    expect(group.per_hour.reduce((sum, count) => sum + count, 0)).toBe(3);
    const { items } = await callAction(jobService.bus, 'listErrors', { group_id: group.id });
    expect(items).toHaveLength(3);
    expect(await callAction(jobService.bus, 'getGroup', { group_id: group.id })).toMatchObject({
      records: { count: 3, jobs: 2 },
    });
  });

  it('by a name become one once it is known for a name, and their records follow', async () => {
    const names = ['ann', 'bea', 'cem', 'dov', 'eva', 'fay'];
    for (const name of names) await fail('t.name', `no mail for ${name}`);
    const group = await oneGroup('t.name', names.length);
    expect(group.title).toBe('no mail for <*>');
    await eventually(async () => {
      const { items } = await callAction(jobService.bus, 'listErrors', { group_id: group.id });
      expect(items).toHaveLength(names.length);
    });
    const [part = ''] = group.merged_group_ids;
    expect(await callAction(jobService.bus, 'getGroup', { group_id: part })).toMatchObject({ id: group.id });
  });
});

describe('a group that people see to', () => {
  it('keeps who sees to it and what to remember', async () => {
    await fail('t.kept', 'mail is off');
    const { id } = await oneGroup('t.kept', 1);
    await callAction(jobService.bus, 'updateGroup', { group_id: id, state: 'acknowledged', assignee: 'ada', note: 'The relay.' });
    await fail('t.kept', 'mail is off');
    expect(await oneGroup('t.kept', 2)).toMatchObject({ state: 'acknowledged', assignee: 'ada', note: 'The relay.' });
    expect((await callAction(jobService.bus, 'listGroups', { assignee: 'ada' })).items).toMatchObject([{ id }]);
    const freed = await callAction(jobService.bus, 'updateGroup', { group_id: id, assignee: null });
    expect(freed).toMatchObject({ state: 'acknowledged', assignee: null, note: 'The relay.' });
  });

  it('that was resolved and fails again is open again, and the world is told once', async () => {
    await fail('t.back', 'disk 1 is full');
    const { id } = await oneGroup('t.back', 1);
    const resolved = await callAction(jobService.bus, 'updateGroup', { group_id: id, state: 'resolved' });
    const jobId = await fail('t.back', 'disk 2 is full', 'disk 3 is full');
    expect(await oneGroup('t.back', 3)).toMatchObject({ state: 'open', regressions: 1 });
    await eventually(() =>
      expect([...regressed.values()].flat()).toEqual([
        expect.objectContaining({ group_id: id, title: 'disk <*> is full', resolved_at: resolved.state_at, job_id: jobId }),
      ]),
    );
  });

  it('that is ignored for a count is open again after it', async () => {
    await fail('t.loud', 'fan 1 is loud');
    const { id } = await oneGroup('t.loud', 1);
    await callAction(jobService.bus, 'updateGroup', { group_id: id, state: 'ignored', ignored_for_count: 1 });
    await fail('t.loud', 'fan 2 is loud');
    expect(await oneGroup('t.loud', 2)).toMatchObject({ state: 'ignored', ignored_for_count: 0 });
    await fail('t.loud', 'fan 3 is loud');
    expect(await oneGroup('t.loud', 3)).toMatchObject({ state: 'open', ignored_for_count: null });
  });

  it('that is ignored until a time is open again from then on without a failure, and the world is told', async () => {
    await fail('t.quiet', 'fan 1 is quiet');
    const { id } = await oneGroup('t.quiet', 1);
    const ignored_until = new Date(Date.now() + 500).toISOString();
    const { state_at } = await callAction(jobService.bus, 'updateGroup', { group_id: id, state: 'ignored', ignored_until });
    await eventually(() =>
      expect(reopened).toContainEqual(expect.objectContaining({ group_id: id, ignored_at: state_at, reason: 'time' })),
    );
    expect(await oneGroup('t.quiet', 1)).toMatchObject({ state: 'open', ignored_until: null });
  });

  it('may be made part of another, with its records and with what fails so from then on', async () => {
    await fail('t.merged', 'mail is off', 'the box is full');
    const [one, other] = await eventually(async () => {
      const groups = await groupsOf('t.merged');
      expect(groups).toHaveLength(2);
      return groups;
    });
    const [from, into] = [one?.id ?? '', other?.id ?? ''];
    await callAction(jobService.bus, 'mergeGroups', { group_ids: [from], into_group_id: into });
    await fail('t.merged', 'mail is off', 'the box is full');
    expect(await oneGroup('t.merged', 4)).toMatchObject({ id: into, merged_group_ids: [from] });
    expect((await callAction(jobService.bus, 'listErrors', { group_id: into })).items).toHaveLength(4);
  });

  it('may be split by a value, with its records and with what fails so from then on, on every replica', async () => {
    await fail('t.split', 'port 1 is closed', 'port 22 is closed');
    const { id } = await oneGroup('t.split', 2);
    const by = { kind: 'value' as const, place: 1, values: ['22'] };
    const half = await callAction(jobService.bus, 'splitGroup', { group_id: id, by });
    expect(half).toMatchObject({ title: 'port 22 is closed', count: 1, split_from: { group_id: id } });
    await fail('t.split', 'port 22 is closed', 'port 333 is closed', 'port 22 is closed');
    await eventually(async () => {
      const counts = (await groupsOf('t.split')).map(({ id: group, count }) => [group, count]);
      expect(Object.fromEntries(counts)).toEqual({ [id]: 2, [half.id]: 3 });
    });
    expect((await callAction(jobService.bus, 'listErrors', { group_id: half.id })).items).toHaveLength(3);
    expect(await callAction(jobService.bus, 'splitGroup', { group_id: id, by })).toMatchObject({ id: half.id, count: 3 });
  });

  it('that is not there is a problem that says so', async () => {
    const group_id = `grp_${'0'.repeat(32)}`;
    const notFound = { code: 'ERROR_GROUP_NOT_FOUND' };
    await expect(callAction(jobService.bus, 'getGroup', { group_id })).rejects.toMatchObject(notFound);
    const change = callAction(jobService.bus, 'updateGroup', { group_id, state: 'resolved' });
    await expect(change).rejects.toMatchObject(notFound);
  });
});
