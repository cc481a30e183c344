// Error records are their tenant's: nobody who is bound to another one sees or reruns them.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { errorRecordIdOf, type Actor, type ErrorRecord } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { startRecoveryService, type RecoveryServiceUnderTest } from './recovery-service-under-test.js';

const boundTo = (tenant: string | null) => {
  const actor: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant, door: 'http', address: '10.0.0.7' };
  return { origin: { actor, requestId: 'asked-1' } };
};
const tenants = ['shop', 'news', 'default'] as const;

let servers: TestServers;
let service: RecoveryServiceUnderTest;
let jobService: JobServiceSide;
/** Of each tenant, one failure; all alike, and each in a group of its tenant's. */
const records = {} as Record<(typeof tenants)[number], ErrorRecord>;

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  service = await startRecoveryService(servers);
  const hopeless = { error_type: 'smtp.550', error_message: '550 no such user' };
  for (const tenant of tenants) {
    const job = newJob();
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { ...hopeless, tenant })] });
    const asked = { error_record_id: errorRecordIdOf(job.taskId(0)) };
    records[tenant] = await eventually(() => callAction(jobService.bus, 'getError', asked));
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', job.jobId)).toHaveLength(1));
  }
});

afterAll(async () => {
  await service?.stop();
  await jobService?.close();
  await servers?.stop();
});

it.each(tenants)('the records, groups and counts that the tenant %s is shown are its own', async (tenant) => {
  const { items } = await callAction(jobService.bus, 'listErrors', {}, boundTo(tenant));
  expect(items.map(({ id, tenant: owner }) => [id, owner])).toEqual([[records[tenant].id, tenant]]);
  const groups = await callAction(jobService.bus, 'listErrorGroups', {}, boundTo(tenant));
  expect(groups.items).toMatchObject([
    { id: records[tenant].group_id, count: 1, jobs: 1, example_record_id: records[tenant].id },
  ]);
});

it('whoever is bound to none sees all of them', async () => {
  expect((await callAction(jobService.bus, 'listErrors', {}, boundTo(null))).items).toHaveLength(3);
  expect((await callAction(jobService.bus, 'listErrorGroups', {}, boundTo(null))).items).toMatchObject([
    { count: 1 },
    { count: 1 },
    { count: 1 },
  ]);
  await eventually(async () =>
    expect((await callAction(jobService.bus, 'listGroups', {}, boundTo(null))).items.map(({ tenant }) => tenant).sort()).toEqual(
      [...tenants].sort(),
    ),
  );
});

it.each(tenants)('a group of the tenant %s is not there for any other, to see, to move or to merge', async (tenant) => {
  const { group_id } = records[tenant];
  expect(await callAction(jobService.bus, 'getGroup', { group_id }, boundTo(tenant))).toMatchObject({
    tenant,
    records: { count: 1 },
  });
  for (const other of [...tenants.filter((name) => name !== tenant), 'another']) {
    const expected = { code: 'ERROR_GROUP_NOT_FOUND' };
    const own = records[other as keyof typeof records]?.group_id ?? `grp_${'0'.repeat(32)}`;
    const asked = [
      () => callAction(jobService.bus, 'getGroup', { group_id }, boundTo(other)),
      () => callAction(jobService.bus, 'updateGroup', { group_id, state: 'resolved' }, boundTo(other)),
      () => callAction(jobService.bus, 'recoverGroup', { group_id }, boundTo(other)),
      () => callAction(jobService.bus, 'splitGroup', { group_id, by: { kind: 'type', error_types: ['a'] } }, boundTo(other)),
      () => callAction(jobService.bus, 'mergeGroups', { group_ids: [group_id], into_group_id: own }, boundTo(other)),
      () => callAction(jobService.bus, 'mergeGroups', { group_ids: [own], into_group_id: group_id }, boundTo(other)),
    ];
    for (const each of asked) await expect(each()).rejects.toMatchObject(expected);
  }
});

it.each(tenants)('a record of the tenant %s is not there for any other, to see or to rerun', async (tenant) => {
  const error_record_id = records[tenant].id;
  for (const other of [...tenants.filter((name) => name !== tenant), 'another']) {
    const expected = { code: 'ERROR_RECORD_NOT_FOUND' };
    await expect(callAction(jobService.bus, 'getError', { error_record_id }, boundTo(other))).rejects.toMatchObject(expected);
    await expect(callAction(jobService.bus, 'manualRecover', { error_record_id }, boundTo(other))).rejects.toMatchObject(
      expected,
    );
  }
  expect(await callAction(jobService.bus, 'getError', { error_record_id }, boundTo(tenant))).toMatchObject({
    ...{ id: error_record_id, recovery_status: 'failed', recovery_attempts: [] },
  });
});

it('a group is rerun as far as it is one’s own', async () => {
  const { group_id } = records.shop;
  const strangers = callAction(jobService.bus, 'manualRecover', { group_id }, boundTo('another'));
  await expect(strangers).rejects.toMatchObject({ code: 'ERROR_GROUP_NOT_FOUND' });
  const ofOtherJob = { group_id, job_id: records.news.job_id as string };
  await expect(callAction(jobService.bus, 'manualRecover', ofOtherJob, boundTo('shop'))).rejects.toMatchObject({
    code: 'ERROR_GROUP_NOT_FOUND',
  });
  expect(await callAction(jobService.bus, 'manualRecover', { group_id }, boundTo('shop'))).toMatchObject({ accepted: 1 });
  const statuses = await Promise.all(
    tenants.map(async (tenant) => {
      const asked = { error_record_id: records[tenant].id };
      return (await callAction(jobService.bus, 'getError', asked, boundTo(null))).recovery_status;
    }),
  );
  expect(statuses).toEqual(['in_progress', 'failed', 'failed']);
});

it("a recovery that waits is its tenant's, to see, to approve and to cancel", async () => {
  const request = { group_id: records.shop.group_id, when: [{ kind: 'approval' as const, role: 'operator' as const }] };
  const { recovery } = await callAction(jobService.bus, 'recoverGroup', request, boundTo('shop'));
  const asked = { recovery_id: recovery?.id ?? '' };
  for (const action of ['getGroupRecovery', 'approveGroupRecovery', 'cancelGroupRecovery'] as const) {
    await expect(callAction(jobService.bus, action, asked, boundTo('news'))).rejects.toMatchObject({
      code: 'GROUP_RECOVERY_NOT_FOUND',
    });
  }
  await expect(callAction(jobService.bus, 'approveGroupRecovery', asked, boundTo('shop'))).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await callAction(jobService.bus, 'getGroupRecovery', asked, boundTo('shop'))).toMatchObject({ state: 'waiting' });
  const bob = { origin: { actor: { ...boundTo('shop').origin.actor, key: 'bob', name: 'bob' }, requestId: 'asked-2' } };
  await callAction(jobService.bus, 'approveGroupRecovery', asked, bob);
  await eventually(async () =>
    expect(await callAction(jobService.bus, 'getGroupRecovery', asked, boundTo('shop'))).toMatchObject({
      // Somebody of the tenant has run its record again before.
      state: expect.stringMatching(/canary|completed/),
      waits_for: [{ holds: true, about: expect.stringContaining('approved by bob') }],
    }),
  );
});

it('tells other services which tasks of a job have failures in groups', async () => {
  const { group_id, job_id, task_id } = records.news;
  const asked = { job_id: job_id ?? '', group_ids: [group_id, records.shop.group_id] };
  expect(await callAction(jobService.bus, 'listGroupTasks', asked)).toEqual({ task_ids: [task_id], more: false });
});
