// A command that could not be carried out says why, is replayed once however often somebody asks, and is shown to whom it concerns alone.
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { serviceActor, type ActionInput, type ActionName, type ActionResponse, type DeadLetterView } from '@kintsugi/contracts';
import { callAction, headersOf } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { MongoNetworkError } from 'mongodb';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const job = { product_id: 'p', sending_group_id: 'g', type: 'nobody.runs.this', tasks: [{}] };

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

afterEach(async () => {
  jest.restoreAllMocks();
  await service.store.collection('dead_letters').deleteMany({});
});

function call<Action extends ActionName>(
  action: Action,
  data: ActionInput<Action>,
  tenant: string | null = null,
): Promise<ActionResponse<Action>> {
  const actor = { ...serviceActor('gateway'), key: 'ann', name: 'ann', door: 'http' as const, tenant };
  return callAction(service.bus, action, data, { origin: { actor, requestId: 'asked' } });
}

/** What can be carried out, and was given up all the same: as after a fault that has been mended since. */
async function giveUp(payload: object, at = new Date(), action = 'createJob'): Promise<string> {
  const text = JSON.stringify(payload);
  const place = `COMMANDS.${Math.trunc(Math.random() * 1e9)}.1`;
  const problem = {
    type: 't',
    title: 't',
    status: 500,
    code: 'INTERNAL' as const,
    detail: 'It failed 5 times.',
    retryable: true,
  };
  await service.parts.deadLetters.keep([
    {
      ...{ _id: `job-service-commands.${place}`, consumer: 'job-service-commands', subject: `kin.cmd.${action}` },
      ...{ stream_sequence: 1, message_id: null, headers: [], reason: 'INTERNAL', problem },
      ...{ payload: text, payload_bytes: Buffer.byteLength(text), received_at: at },
    },
  ]);
  return `job.${place}`;
}

it('a command that was refused says what it was, why and since when; its replay fails again, and it stays', async () => {
  await service.bus.js.publish('kin.cmd.createJob', JSON.stringify({ ...job, priority: 17 }), { headers: headersOf({}) });
  const letter = await eventually(async () => {
    const [found] = (await call('listJobDeadLetters', {})).items;
    if (!found) throw new Error('Not yet.');
    return found;
  });
  expect(letter).toMatchObject({
    ...{ service: 'job', kind: 'command', name: 'createJob', reader: 'job-service-commands', tenant: 'default' },
    ...{ reason: 'VALIDATION_FAILED', detail: expect.stringContaining('priority'), state: 'dead', replays: 0 },
    ...{ can_replay: true, replay: expect.stringContaining('Makes the job') },
  });
  expect(await call('getJobDeadLetter', { id: letter.id })).toMatchObject({
    payload: expect.stringContaining('"priority":17'),
    payload_is_whole: true,
  });
  const replayed = await call('replayJobDeadLetter', { id: letter.id });
  expect(replayed).toMatchObject({ outcome: 'failed', reason: 'VALIDATION_FAILED', repeated: false });
  expect(await call('getJobDeadLetter', { id: letter.id })).toMatchObject({ state: 'dead', replays: 1 });
});

it('a replay makes the job once, however often and by how many at once it is asked for, and both changes are in the audit', async () => {
  const accepted = jest.spyOn(service.parts.acceptJob, 'create');
  const id = await giveUp({ ...job, product_id: 'once' });
  const both = await Promise.all([call('replayJobDeadLetter', { id }), call('replayJobDeadLetter', { id })]);
  expect(both.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  const asked = accepted.mock.calls.length;
  expect(await call('replayJobDeadLetter', { id })).toEqual({ id, outcome: 'done', repeated: true, reason: null, detail: null });
  expect(accepted.mock.calls).toHaveLength(asked);
  const made = await Promise.all(accepted.mock.results.map(({ value }) => value as Promise<{ job_id: string }>));
  expect(new Set(made.map(({ job_id: jobId }) => jobId)).size).toBe(1);
  expect((await call('listJobDeadLetters', {})).items).toEqual([]);
  await call('discardJobDeadLetter', { id });
  await expect(call('getJobDeadLetter', { id })).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
  const { items } = await call('listJobAudit', { subject: id });
  expect(items.map(({ action }) => action)).toEqual(['discardJobDeadLetter', ...Array(3).fill('replayJobDeadLetter')]);
  expect(items[0]).toMatchObject({ by: [{ actor: { name: 'ann' } }], before: { state: 'replayed' }, after: null });
});

it('what passes leaves the letter as it is, and what was cut cannot be replayed', async () => {
  const id = await giveUp(job);
  jest.spyOn(service.parts.acceptJob, 'create').mockRejectedValue(new MongoNetworkError('away'));
  await expect(call('replayJobDeadLetter', { id })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await call('getJobDeadLetter', { id })).toMatchObject({ state: 'dead', replays: 0, reason: 'INTERNAL' });
  await service.store.collection<{ _id: string }>('dead_letters').updateMany({}, { $set: { payload_bytes: 9_000_000 } });
  expect(await call('getJobDeadLetter', { id })).toMatchObject({ can_replay: false, payload_is_whole: false });
  await expect(call('replayJobDeadLetter', { id })).rejects.toMatchObject({ code: 'DEAD_LETTER_INCOMPLETE' });
});

it('who is bound to a tenant sees, replays and discards what is of that tenant alone', async () => {
  const [made, moved] = [await giveUp(job), await giveUp({ tasks: [] }, new Date(), 'retryTasks')];
  const idsOf = async (tenant: string | null): Promise<string[]> =>
    (await call('listJobDeadLetters', {}, tenant)).items.map(({ id }) => id).sort();
  expect([await idsOf(null), await idsOf('default'), await idsOf('blue')]).toEqual([[made, moved].sort(), [made], []]);
  for (const [id, tenant] of [
    [moved, 'default'],
    [made, 'blue'],
  ] as const) {
    for (const action of ['getJobDeadLetter', 'replayJobDeadLetter', 'discardJobDeadLetter'] as const) {
      await expect(call(action, { id }, tenant)).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
    }
  }
  expect(await idsOf(null)).toHaveLength(2);
});

it('pages give each of them once, newest first, also those of one moment', async () => {
  const at = [1, 2, 2, 2, 3].map((second) => new Date(Date.UTC(2027, 0, 1, 0, 0, second)));
  const made = await Promise.all(at.map((time) => giveUp(job, time)));
  const seen: DeadLetterView[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await call('listJobDeadLetters', { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.items);
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  expect(seen.map(({ id }) => id).sort()).toEqual(made.sort());
  const times = seen.map(({ since }) => since);
  expect(times).toEqual([...times].sort().reverse());
  expect((await call('listJobDeadLetters', { reason: 'NONE' })).items).toEqual([]);
});

it('a list loads nothing of what its letters say, and tells of each what the letter itself does', async () => {
  const ids = [
    await giveUp({ ...job, product_id: 'ü€' }),
    await giveUp({ ...job, product_id: '\uFFFD' }),
    await giveUp({ ...job, product_id: 'cut' }),
  ];
  await service.store
    .collection<{ _id: string }>('dead_letters')
    .updateOne({ _id: `job-service-commands.${ids[2]?.slice(4)}` }, { $set: { payload_bytes: 9_000_000 } });
  const { items } = await call('listJobDeadLetters', {});
  expect(items).toHaveLength(3);
  for (const item of items) {
    const { payload: _says, payload_is_whole: isWhole, ...letter } = await call('getJobDeadLetter', { id: item.id });
    expect(item).toEqual(letter);
    expect(item.can_replay).toBe(isWhole);
    expect(isWhole).toBe(item.id === ids[0]);
  }
  for (const letter of await service.parts.deadLetters.newest({ limit: 9 })) expect(letter).not.toHaveProperty('payload');
});

it('a replay whose end nobody knows makes no second job: within the life of the key it is done, after it refused', async () => {
  const letters = service.store.collection<{ _id: string }>('dead_letters');
  const made = jest.spyOn(service.parts.acceptJob, 'create');
  jest.spyOn(service.parts.deadLetters, 'noteDone').mockRejectedValueOnce(new MongoNetworkError('away'));
  const [early, late] = [await giveUp({ ...job, product_id: 'early' }), await giveUp({ ...job, product_id: 'late' })];
  await expect(call('replayJobDeadLetter', { id: early })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await call('replayJobDeadLetter', { id: early })).toMatchObject({ outcome: 'done', repeated: false });
  const jobs = await Promise.all(made.mock.results.map(({ value }) => value as Promise<{ job_id: string }>));
  expect(new Set(jobs.map(({ job_id: jobId }) => jobId)).size).toBe(1);

  jest.spyOn(service.parts.deadLetters, 'noteDone').mockRejectedValueOnce(new MongoNetworkError('away'));
  await expect(call('replayJobDeadLetter', { id: late })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  const asked = made.mock.calls.length;
  const eightDaysAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  const before = { replay_begun_at: { $type: 'date' }, is_done: { $ne: true } };
  expect((await letters.updateMany(before, { $set: { replay_begun_at: eightDaysAgo } })).modifiedCount).toBe(1);
  await service.store.collection('idempotency_keys').deleteMany({});
  const refusal = { code: 'DEAD_LETTER_UNCERTAIN', message: expect.stringContaining('See whether the job is there') };
  await expect(call('replayJobDeadLetter', { id: late })).rejects.toMatchObject(refusal);
  expect(made.mock.calls).toHaveLength(asked);
  expect((await call('listJobDeadLetters', {})).items).toMatchObject([{ id: late, can_replay: false, replay: refusal.message }]);
});

it('a replay that was refused made no job, and bars none of those that come after it', async () => {
  const id = await giveUp({ ...job, priority: 17 });
  expect(await call('replayJobDeadLetter', { id })).toMatchObject({ outcome: 'failed', reason: 'VALIDATION_FAILED' });
  const [kept] = await service.parts.deadLetters.newest({ limit: 1 });
  expect(kept).not.toHaveProperty('replay_begun_at');
});
