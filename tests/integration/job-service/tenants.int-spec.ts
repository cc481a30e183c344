// A job is its tenant's: whoever is bound to another one is told that it is not there, whatever he asks.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operations, type Actor, type ActionName, type BatchJob, type JobReceipt } from '@kintsugi/contracts';
import { applyTopology, callAction } from '@kintsugi/messaging';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const boundTo = (tenant: string | null) => {
  const actor: Actor = { key: 'ada', name: 'ada', role: 'admin', tenant, door: 'http', address: '10.0.0.7' };
  return { origin: { actor, requestId: 'asked-1' } };
};
const [ofShop, ofNews, ofDefault, unbound] = ['shop', 'news', 'default', null].map(boundTo) as [
  ReturnType<typeof boundTo>,
  ReturnType<typeof boundTo>,
  ReturnType<typeof boundTo>,
  ReturnType<typeof boundTo>,
];
const one = { product_id: 'p', sending_group_id: 'g', type: 'nobody.runs.this', tasks: [{ payload: 1 }] };
const many = { ...one, tasks: [{ payload: 1 }, { payload: 2 }] };
const { tasks: _, ...planned } = one;

/** Every request to job-service that names a job. */
const questions = (Object.keys(operations) as ActionName[]).filter(
  (name) => operations[name].service === 'job' && operations[name].tenancy === 'job',
);

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

const create = (job: object, by: typeof ofShop): Promise<JobReceipt> => callAction(service.bus, 'createJob', job as never, by);
/** What some of the requests need beside the job. */
const wanted: Partial<Record<ActionName, object>> = {
  setJobPriority: { priority: 1 },
  updateBatchJob: { status: 'paused' },
  deleteJob: { force: true },
};
const plannedIds = new Set<string>();
const ask = (action: ActionName, job_id: string, by: typeof ofShop): Promise<unknown> => {
  const task_id = `task_${job_id.slice(4, 40)}.${plannedIds.has(job_id) ? 'plan' : '0'}.${job_id.split('.')[1] ?? 0}`;
  return callAction(service.bus, action, { job_id, ...wanted[action], ...(action === 'listSteps' ? { task_id } : {}) }, by);
};

async function upload(by: typeof ofShop, idempotency_key?: string): Promise<JobReceipt> {
  const { tasks: _tasks, ...head } = { ...one, ...(idempotency_key ? { idempotency_key } : {}) };
  const job_id = `job_0189${Math.random().toString(16).slice(2, 6).padEnd(4, '0')}-ac96-774b-bcce-b302099a8057`;
  await callAction(service.bus, 'stageTasks', { job_id, sequence: 0, tasks: '{}\n{}', count: 2 }, by);
  const job = operations.commitUpload.request.shape.job.parse(head);
  return callAction(service.bus, 'commitUpload', { job_id, job, chunks: 1, total_tasks: 2, fingerprint: 'f' }, by);
}

async function createPlanned(by: typeof ofShop): Promise<JobReceipt> {
  const receipt = await create(planned, by);
  plannedIds.add(receipt.job_id);
  return receipt;
}

const made: [string, (by: typeof ofShop) => Promise<JobReceipt>][] = [
  ['a job of one task', (by) => create(one, by)],
  ['a job of several', (by) => create(many, by)],
  ['a job that is planned', createPlanned],
  ['an upload', (by) => upload(by)],
];

describe.each(made)('%s', (_name, make) => {
  it('is of the tenant that its key is bound to, or else of the default', async () => {
    const tenants = await Promise.all(
      [ofShop, unbound].map(async (by) => {
        const { job_id } = await make(by);
        return ((await ask('getJob', job_id, unbound)) as BatchJob).tenant;
      }),
    );
    expect(tenants).toEqual(['shop', 'default']);
  });

  it.each(questions)('is not there for another tenant that asks %s, and is for its own', async (action) => {
    const { job_id } = await make(ofShop);
    for (const stranger of [ofNews, ofDefault]) {
      await expect(ask(action, job_id, stranger)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND', message: notFound(job_id) });
    }
    expect(((await ask('getJob', job_id, ofShop)) as BatchJob).status).not.toMatch(/cancel/);
    for (const own of [ofShop, unbound]) {
      const { job_id: theirs } = await make(ofShop);
      const answer = await ask(action, theirs, own).then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      );
      // A job that has not failed is not run again, whoever asks.
      expect(answer).toBe(['retryJob', 'rerunPartial'].includes(action) ? 'STATE_CONFLICT' : 'answered');
    }
  });
});

/** What is said of a job that there is not. */
function notFound(jobId: string): string {
  return `There is no job ${jobId}. Jobs are listed by \`kintsugi jobs\`.`;
}

it('a job that there is not, and one of another tenant, are answered alike', async () => {
  const absent = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
  await expect(ask('getJob', absent, ofNews)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND', message: notFound(absent) });
});

describe('an idempotency key', () => {
  it.each<[string, (by: typeof ofShop, idempotency_key: string) => Promise<JobReceipt>]>([
    ['one task', (by, idempotency_key) => create({ ...one, idempotency_key }, by)],
    ['several', (by, idempotency_key) => create({ ...many, idempotency_key }, by)],
    ['an upload', upload],
  ])('of %s makes one job for each tenant', async (name, make) => {
    const key = `key of ${name}`;
    const first = await Promise.all([ofShop, ofNews, unbound].map((by) => make(by, key)));
    expect(new Set(first.map(({ job_id }) => job_id)).size).toBe(3);
    const again = await Promise.all([ofShop, ofNews, unbound].map((by) => make(by, key)));
    expect(again).toMatchObject(first.map(({ job_id }) => ({ job_id, replayed: true })));
  });

  it('that is used anew is named as it was given', async () => {
    await create({ ...one, idempotency_key: 'k' }, ofShop);
    const refused = create({ ...one, product_id: 'other', idempotency_key: 'k' }, ofShop);
    await expect(refused).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', extras: { errors: [{ got: 'k' }] } });
  });
});
