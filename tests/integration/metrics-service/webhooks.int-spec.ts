// Events are posted to webhooks, signed, until they are taken; what is never taken is given up, and private addresses are refused.
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { operations, serviceActor, subjects, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { HttpReceiver, eventually, startTestServers, type ReceivedRequest, type TestServers } from '@kintsugi/testing';
import { JobEventTeller, newJobId } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

let servers: TestServers;
let service: MetricsServiceUnderTest;
let events: JobEventTeller;
let receiver: HttpReceiver;
let url: string;
/** Whose a job is: job-service says so. */
const tenants = new Map<string, string>();

beforeAll(async () => {
  servers = await startTestServers();
  receiver = await HttpReceiver.start();
  url = `${receiver.url}/hook`;
  await start();
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await servers?.stop();
});

afterEach(async () => {
  for (const { name } of (await call('listWebhooks', {})).items) await call('deleteWebhook', { name });
  await eventually(async () => expect((await call('listWebhooks', {})).items).toEqual([]));
  receiver.received.length = 0;
  receiver.status = 200;
});

async function start(): Promise<void> {
  const allowed = new URL(url).host;
  const settings = { WEBHOOK_ALLOW_PRIVATE: allowed, WEBHOOK_RETRY_FIRST_MS: '20', WEBHOOK_ATTEMPTS_MAX: '3' };
  service = await startMetricsService(servers, settings);
  events = new JobEventTeller(service.bus);
  service.bus.subscribe(subjects.request('job', 'readJobs'), (message) => {
    const { job_ids: ids } = operations.readJobs.request.parse(message.json());
    const jobs = ids.map((id) => ({ id, tenant: tenants.get(id) ?? 'default', type: 'smtp.send', labels: { a: 'b' } }));
    message.respond(JSON.stringify({ as_of: 0, jobs }));
  });
}

function call<Action extends ActionName>(
  action: Action,
  data: ActionInput<Action>,
  tenant: string | null = null,
): Promise<ActionResponse<Action>> {
  const actor = { ...serviceActor('job-service'), key: 'k', name: 'ann', tenant };
  return callAction(service.bus, action, data, { origin: { actor, requestId: 'r' } });
}

const soon = 60_000;

function toldJobs(): string[][] {
  return receiver.received.map(({ body }) => {
    const { data } = JSON.parse(body) as { data: { jobs: { job_id: string }[] } };
    return data.jobs.map(({ job_id: id }) => id);
  });
}

it('a job that ends is told, once, with what it is, and signed by the secret that was told once', async () => {
  const { secret = '' } = await call('createWebhook', { name: 'a', url, events: ['job.failed'] });
  const jobId = newJobId();
  await events.ended('completed', soon, [newJobId()]);
  await events.ended('failed', soon, [jobId]);
  await eventually(() => expect(toldJobs()).toEqual([[jobId]]));
  const { headers, body } = receiver.received[0] as ReceivedRequest;
  expect(JSON.parse(body)).toMatchObject({
    type: 'kintsugi.job.failed.v1',
    data: { jobs: [{ job_id: jobId, status: 'failed', type: 'smtp.send', tenant: 'default', labels: { a: 'b' } }] },
  });
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(signed)
    .digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  await eventually(async () => expect(await call('getWebhook', { name: 'a' })).toMatchObject({ delivered: 1, dead: 0 }));
  expect(JSON.stringify(await call('getWebhook', { name: 'a' }))).not.toContain(secret);
});

it('a tenant hears of his jobs, and neither sees nor changes the webhooks of others', async () => {
  await call('createWebhook', { name: 'b', url, events: ['job.completed'] }, 'one');
  const [mine, theirs] = [newJobId(), newJobId()];
  tenants.set(mine, 'one');
  tenants.set(theirs, 'two');
  await events.ended('completed', soon, [theirs]);
  await events.ended('completed', soon, [theirs, mine]);
  await eventually(() => expect(toldJobs()).toEqual([[mine]]));
  await expect(call('getWebhook', { name: 'b' }, 'two')).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
  await expect(call('deleteWebhook', { name: 'b' }, 'two')).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
  expect((await call('listWebhooks', {}, 'two')).items).toEqual([]);
  await call('deleteWebhook', { name: 'b' }, 'one');
});

it('what is not taken is tried again, given up as a dead letter, and tried once more at somebody’s word, through a restart', async () => {
  await call('createWebhook', { name: 'c', url, events: ['job.failed'] });
  receiver.status = 503;
  const jobId = newJobId();
  await events.ended('failed', soon, [jobId]);
  await eventually(async () => {
    expect((await call('listWebhookDeliveries', { name: 'c' })).items).toEqual([
      expect.objectContaining({
        event: 'job.failed',
        state: 'dead',
        attempts: 3,
        last_error: 'The answer was 503.',
        next_at: null,
      }),
    ]);
  });
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const given = { dead: 1, failing_since: expect.any(String) };
  await eventually(async () => expect(await call('getWebhook', { name: 'c' })).toMatchObject(given));
  await service.stop();
  await start();
  receiver.status = 200;
  expect(await call('retryWebhookDeliveries', { name: 'c' })).toEqual({ retried: 1 });
  await eventually(async () => expect((await call('listWebhookDeliveries', { name: 'c' })).items).toEqual([]));
  expect(toldJobs()).toEqual(Array(4).fill([jobId]));
  await eventually(async () => expect(await call('getWebhook', { name: 'c' })).toMatchObject({ failing_since: null }));
});

it('a message that was given up is one dead letter with those of all, for its tenant alone, and sent once more when it is replayed', async () => {
  await call('createWebhook', { name: 'g', url, events: ['job.failed'] }, 'one');
  receiver.status = 503;
  const jobId = newJobId();
  tenants.set(jobId, 'one');
  await events.ended('failed', soon, [jobId]);
  const letter = await eventually(async () => {
    const [found] = (await call('listMetricsDeadLetters', {}, 'one')).items;
    if (!found) throw new Error('Not yet.');
    return found;
  });
  expect(letter).toMatchObject({
    ...{ kind: 'webhook', name: 'job.failed', reader: 'g', tenant: 'one', reason: 'DELIVERY_FAILED', state: 'dead' },
    ...{ detail: 'The answer was 503.', can_replay: true, replay: expect.stringContaining('same webhook-id') },
  });
  const { id } = letter;
  expect(await call('getMetricsDeadLetter', { id }, 'one')).toMatchObject({ payload: expect.stringContaining(jobId) });
  expect((await call('listMetricsDeadLetters', {})).items.map((item) => item.id)).toEqual([id]);
  expect((await call('listMetricsDeadLetters', {}, 'two')).items).toEqual([]);
  for (const action of ['getMetricsDeadLetter', 'replayMetricsDeadLetter', 'discardMetricsDeadLetter'] as const) {
    await expect(call(action, { id }, 'two')).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
  }
  receiver.status = 200;
  receiver.received.length = 0;
  expect(await call('replayMetricsDeadLetter', { id }, 'one')).toMatchObject({ outcome: 'waiting', repeated: false });
  await eventually(() => expect(toldJobs()).toEqual([[jobId]]));
  expect((await call('listMetricsDeadLetters', {}, 'one')).items).toEqual([]);
  await call('deleteWebhook', { name: 'g' }, 'one');
});

it('an address that is gone disables its webhook, which says why, until somebody enables it', async () => {
  await call('createWebhook', { name: 'd', url, events: ['job.failed'] });
  receiver.status = 410;
  await events.ended('failed', soon, [newJobId()]);
  const reason = expect.stringContaining('410');
  const disabled = { enabled: false, disabled_reason: reason };
  await eventually(async () => expect(await call('getWebhook', { name: 'd' })).toMatchObject(disabled));
  expect(await call('updateWebhook', { name: 'd', enabled: true })).toMatchObject({ enabled: true, disabled_reason: null });
  receiver.status = 200;
  const jobId = newJobId();
  await events.ended('failed', soon, [jobId]);
  await eventually(() => expect(toldJobs()).toContainEqual([jobId]));
});

it('a test says what became of its message', async () => {
  await call('createWebhook', { name: 'e', url, events: ['job.failed'] });
  expect(await call('testWebhook', { name: 'e' })).toMatchObject({ delivered: true, status: 200, error: null });
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ type: 'kintsugi.webhook.test', data: { webhook: 'e' } });
  receiver.status = 302;
  expect(await call('testWebhook', { name: 'e' })).toMatchObject({ delivered: false, status: 302 });
});

it('private addresses are refused, as they stand and behind a name', async () => {
  const hook = { name: 'f', events: ['job.failed' as const] };
  for (const address of ['http://10.0.0.1/', 'http://[::1]/', 'http://169.254.169.254/latest']) {
    await expect(call('createWebhook', { ...hook, url: address })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [expect.objectContaining({ path: 'data.url' })] },
    });
  }
  await expect(call('createWebhook', { ...hook, url: 'http://ann:secret@example.com/' })).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  });
  await call('createWebhook', { ...hook, url: url.replace('127.0.0.1', 'localhost') });
  expect(await call('testWebhook', { name: 'f' })).toMatchObject({
    delivered: false,
    error: expect.stringContaining('private address'),
  });
  expect(receiver.received).toEqual([]);
});

it('a tenant that has all webhooks that it may keeps no other from making one', async () => {
  const all = Array.from({ length: 200 }, (_, at) => ({ _id: `full/${at}`, tenant: 'full', enabled: false, events: [] }));
  await service.store.collection<{ _id: string }>('webhooks').insertMany(all);
  const hook = { name: 'g', url, events: ['job.failed' as const] };
  await expect(call('createWebhook', hook, 'full')).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(await call('createWebhook', hook, 'other')).toMatchObject({ name: 'g', tenant: 'other' });
  await call('deleteWebhook', { name: 'g' }, 'other');
  await service.store.collection('webhooks').deleteMany({ tenant: 'full' });
});

it('for a receiver that takes all and is slow no more wait than for one that fails', async () => {
  await call('createWebhook', { name: 'h', url, events: ['job.failed'] });
  const later = new Date(Date.now() + 3_600_000);
  const waiting = Array.from({ length: 10_000 }, (_, at) => ({
    ...{ _id: `*/h ${at}`, webhook_id: '*/h', event: 'job.failed', body: '{}', state: 'waiting', attempts: 0, next_at: later },
  }));
  await service.store.collection<{ _id: string }>('webhook_deliveries').insertMany(waiting);
  await events.ended('failed', soon, [newJobId()]);
  const disabled = { enabled: false, disabled_reason: expect.stringContaining('were waiting') };
  await eventually(async () => expect(await call('getWebhook', { name: 'h' })).toMatchObject(disabled));
});
