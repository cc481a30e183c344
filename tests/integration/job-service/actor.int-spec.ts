// Who asks for something stands in the record of it: as the gateway says of those who came in by HTTP, as NATS of all others.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACTOR_HEADER, subjects, type Actor, type JobReceipt } from '@kintsugi/contracts';
import { applyTopology, callAction, headersOf, textOf, type Origin } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const actor: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };
const origin: Origin = { actor, requestId: 'asked-1' };
const one = { product_id: 'p', sending_group_id: 'g', type: 'nobody.runs.this', tasks: [{ payload: 1 }] };
const many = { ...one, tasks: [{ payload: 1 }, { payload: 2 }] };

let servers: TestServers;
let service: JobServiceUnderTest;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  await applyTopology(service.bus);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

const create = (job: typeof one, from?: Origin): Promise<JobReceipt> =>
  callAction(service.bus, 'createJob', job, from ? { origin: from } : {});
const userOf = async (job_id: string) => (await callAction(service.bus, 'getJob', { job_id })).user_id;

describe.each([
  ['a job of one task', one],
  ['a job of several', many],
])('%s', (_, job) => {
  it('is of the one that its request names, or else of NATS', async () => {
    const [named, unnamed] = [await create(job, origin), await create(job)];
    expect([await userOf(named.job_id), await userOf(unnamed.job_id)]).toEqual(['ada', 'nats']);
  });

  it('that an event producer hands in is of NATS, whoever it says it is', async () => {
    const answers: JobReceipt[] = [];
    const answering = service.bus.subscribe('test.answers', (message) => void answers.push(message.json()));
    const headers = headersOf({ [ACTOR_HEADER]: textOf(actor), 'Kin-Reply-To': 'test.answers' });
    await service.bus.js.publish(subjects.command('createJob'), JSON.stringify(job), { headers });
    await eventually(() => expect(answers).toHaveLength(1));
    answering.unsubscribe();
    expect(await userOf(answers[0]!.job_id)).toBe('nats');
  });

  it('that is cancelled has who asked for it in the record, and nobody who asks later', async () => {
    const { job_id } = await create(job);
    await callAction(service.bus, 'cancelJob', { job_id }, { origin });
    await callAction(service.bus, 'cancelJob', { job_id });
    expect(await service.store.collection<{ _id: string }>('asked_moves').findOne({ _id: `${job_id} cancel` })).toMatchObject({
      ...{ requested_by: actor, request_id: 'asked-1', requested_at: expect.any(Date) },
    });
  });
});
