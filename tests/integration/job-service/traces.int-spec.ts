// Jobs of traced requests are traced to the end of their last attempt, over retries, people and other jobs; all others leave nothing.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  TRACEPARENT_HEADER,
  actorSchema,
  natsActor,
  subjects,
  traceIdOf,
  type ActionInput,
  type Actor,
} from '@kintsugi/contracts';
import { callAction, headersOf } from '@kintsugi/messaging';
import { OtlpReceiver, eventually, startTestServers, type ReceivedSpan, type TestServers } from '@kintsugi/testing';
import { createWorker, type TaskContext, type Worker } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const head = { product_id: 'p', sending_group_id: 'g', type: 'trial.traced' };
const canary = 'canary-b0e1';

let servers: TestServers;
let receiver: OtlpReceiver;
let service: JobServiceUnderTest;
let worker: Worker;
let run: (context: TaskContext) => unknown = () => undefined;

const traceparent = (flags = '01'): string => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-${flags}`;
const createdBy = (data: ActionInput<'createJob'>, given: string | undefined): Promise<{ job_id: string }> =>
  callAction(service.bus, 'createJob', data, {
    origin: { actor: ann, requestId: 'r', ...(given === undefined ? {} : { traceparent: given }) },
  });
const ann: Actor = actorSchema.parse({ ...natsActor, name: 'ann', door: 'http' });
const job = (job_id: string) => callAction(service.bus, 'getJob', { job_id });
const tracedJob = (given: string | undefined, tasks: object[] = [{}]) => createdBy({ ...head, tasks }, given);

async function ended(jobId: string): Promise<void> {
  await eventually(async () => expect((await job(jobId)).status).toBe('completed'));
}

function spansIn(given: string): ReceivedSpan[] {
  return receiver.spans.filter(({ traceId }) => traceId === traceIdOf(given));
}

/** The attempts of a job, once so many have been told. */
async function attemptsOf(jobId: string, count: number): Promise<ReceivedSpan[]> {
  return eventually(() => {
    const found = receiver.spans.filter(
      ({ name, attributes }) => /^attempt/.test(name) && attributes['kintsugi.job.id'] === jobId,
    );
    expect(found).toHaveLength(count);
    return found.toSorted(
      (one, other) => Number(one.attributes['kintsugi.attempt']) - Number(other.attributes['kintsugi.attempt']),
    );
  });
}

const all = (jobId = ''): ActionInput<'rerunPartial'> => ({ job_id: jobId, only_failed: false, dry_run: false });
const idOf = ({ traceId, spanId }: { traceId: string; spanId: string }): object => ({ traceId, spanId });

async function start(environment: Record<string, string>): Promise<void> {
  service = await startJobService(servers, environment);
  worker = createWorker({ natsUrl: servers.natsUrl, log: false }).handle(head.type, (context) => run(context));
  await worker.start();
}

async function stop(): Promise<void> {
  await worker?.stop();
  await service?.stop();
}

beforeAll(async () => {
  servers = await startTestServers();
  receiver = await OtlpReceiver.start();
});

afterAll(async () => {
  await receiver?.stop();
  await servers?.stop();
});

describe.each([
  ['nowhere to send traces', {}],
  ['traces disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: 'receiver', OTEL_SDK_DISABLED: 'true' }],
])('with %s', (_, environment: Record<string, string>) => {
  beforeAll(() => {
    const at = environment['OTEL_EXPORTER_OTLP_ENDPOINT'] && { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    return start({ ...environment, ...at });
  });
  afterAll(stop);

  it('nothing of a trace is kept, handed on or told, whatever a request says', async () => {
    const handed: unknown[] = [];
    const slices: string[] = [];
    const events: unknown[] = [];
    const listening = [
      service.bus.subscribe('kin.work.>', (message) => slices.push(message.string())),
      service.bus.subscribe('kin.evt.>', (message) => events.push(message.headers?.get(TRACEPARENT_HEADER) || null)),
    ];
    run = (context) => handed.push(context.traceparent);
    const ids = await Promise.all([tracedJob(traceparent()), tracedJob(traceparent(), [{}, {}])]);
    for (const { job_id: id } of ids) {
      await ended(id);
      expect(await job(id)).not.toHaveProperty('trace_id');
    }
    for (const name of ['jobs', 'chunks']) {
      expect(JSON.stringify(await service.store.collection(name).find().toArray())).not.toContain('traceparent');
    }
    expect(handed).toEqual([undefined, undefined, undefined]);
    expect(slices.length).toBeGreaterThan(0);
    expect(events.length).toBeGreaterThan(0);
    expect(slices.join('')).not.toContain('traceparent');
    expect(events.filter((event) => event !== null)).toEqual([]);
    expect(receiver.bodies).toEqual([]);
    for (const one of listening) one.unsubscribe();
  });
});

describe('with somewhere to send traces', () => {
  beforeAll(() =>
    start({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    }),
  );
  afterAll(stop);

  it('a request without a trace, or of one that is not sampled, leaves nothing', async () => {
    run = ({ traceparent: handed }) => ({ handed: handed ?? null });
    for (const given of [undefined, traceparent('00'), 'nonsense']) {
      const { job_id: id } = await tracedJob(given);
      await ended(id);
      expect(await job(id)).not.toHaveProperty('trace_id');
      const { items } = await callAction(service.bus, 'listTasks', { job_id: id });
      expect(items[0]?.result).toEqual({ handed: null });
    }
    expect(receiver.spans).toEqual([]);
  });

  it('a request at NATS says its trace in a header, and a command too', async () => {
    const [asked, commanded] = [traceparent(), traceparent()];
    const body = JSON.stringify({ ...head, tasks: [{}] });
    const reply = await service.bus.ask(subjects.request('job', 'createJob'), body, {
      timeoutMs: 60_000,
      headers: headersOf({ [TRACEPARENT_HEADER]: asked }),
    });
    const { job_id: id } = reply.json<{ job_id: string }>();
    expect(await job(id)).toMatchObject({ trace_id: traceIdOf(asked) });
    await service.bus.js.publish(subjects.command('createJob'), body, {
      headers: headersOf({ [TRACEPARENT_HEADER]: commanded }),
    });
    await eventually(() => {
      for (const given of [asked, commanded]) {
        expect(spansIn(given).find(({ name }) => name === 'process createJob')).toMatchObject({ parentId: given.slice(36, 52) });
      }
    });
  });

  it('an attempt is a trace of its own after the one before, and the first after the request', async () => {
    const given = traceparent();
    run = ({ attempt, traceparent: handed }) => {
      if (attempt === 1) throw Object.assign(new Error(canary), { code: 'ECONNRESET' });
      return handed;
    };
    const { job_id: id } = await createdBy({ ...head, tasks: [{ payload: { secret: canary } }] }, given);
    const [task] = await eventually(async () => {
      const { items } = await callAction(service.bus, 'listTasks', { job_id: id });
      expect(items[0]?.state).toBe('failed');
      return items;
    });
    await service.parts.applyRecovery.retry({ tasks: [{ task_id: task?.id ?? '', attempt: 1 }] });
    await ended(id);
    const [first, second] = await attemptsOf(id, 2);
    const [accepted] = spansIn(given).filter(({ name }) => name === 'process createJob');
    expect(first).toMatchObject({ parentId: '', isError: true, links: [idOf(accepted as ReceivedSpan)] });
    expect(second).toMatchObject({ parentId: '', isError: false, links: [idOf(first as ReceivedSpan)] });
    const runs = receiver.spans.filter(
      ({ name, attributes }) => name.startsWith('process trial') && attributes['kintsugi.job.id'] === id,
    );
    expect(runs.map(({ parentId }) => parentId)).toEqual([first?.spanId, second?.spanId]);
    const { items } = await callAction(service.bus, 'listTasks', { job_id: id });
    expect(items[0]?.result).toBe(`00-${second?.traceId}-${runs[1]?.spanId}-01`);
    expect(Buffer.concat(receiver.bodies).includes(canary)).toBe(false);
  });

  it('who runs a task or a job again has a trace that is linked to the one before, as has the job that comes of it', async () => {
    run = ({ attempt }) => {
      if (attempt === 1) throw new Error('no');
    };
    const { job_id: id } = await createdBy({ ...head, tasks: [{}] }, traceparent());
    const { items } = await eventually(async () => {
      const page = await callAction(service.bus, 'listTasks', { job_id: id });
      expect(page.items[0]?.state).toBe('failed');
      return page;
    });
    const [first] = await attemptsOf(id, 1);
    const [requeued, rerun] = [traceparent(), traceparent()];
    await service.bus.js.publish(
      subjects.command('requeueTasks'),
      JSON.stringify({ tasks: [{ task_id: items[0]?.id, attempt: 1 }] }),
      {
        headers: headersOf({ [TRACEPARENT_HEADER]: requeued }),
      },
    );
    await ended(id);
    const [, second] = await attemptsOf(id, 2);
    run = () => undefined;
    expect(second?.links).toEqual([idOf(first as ReceivedSpan)]);
    const accepted = first?.links[0];
    const origin = { actor: ann, requestId: 'r', traceparent: rerun };
    const { run: made } = await callAction(service.bus, 'rerunPartial', all(id), { origin });
    expect(await job(made?.job_id ?? '')).toMatchObject({ trace_id: traceIdOf(rerun) });
    await eventually(() => {
      expect(spansIn(requeued).find(({ name }) => name === 'process requeueTasks')?.links).toEqual([idOf(first as ReceivedSpan)]);
      expect(spansIn(rerun).find(({ name }) => name === 'process rerunPartial')?.links).toEqual([accepted]);
    });
    await ended(made?.job_id ?? '');
    const { run: untraced } = await callAction(service.bus, 'rerunPartial', all(made?.job_id), {
      origin: { actor: ann, requestId: 'r' },
    });
    // Nobody's trace had asked for it: its attempts follow on what it is a rerun of.
    expect(await job(untraced?.job_id ?? '')).toMatchObject({ trace_id: traceIdOf(rerun) });
  });

  it('jobs that are written together are one write, a part of one trace with a link to the other', async () => {
    run = () => undefined;
    const given = [traceparent(), traceparent()];
    await Promise.all(given.map((one) => tracedJob(one)));
    const accepted = await eventually(() => {
      const found = given.map((one) => spansIn(one).find(({ name }) => name === 'process createJob'));
      for (const span of found) expect(span).toBeDefined();
      return found as ReceivedSpan[];
    });
    const writes = given.flatMap((one) => spansIn(one)).filter(({ name }) => name === 'commit chunks');
    expect(writes).toHaveLength(1);
    const [write] = writes;
    const other = accepted.find(({ spanId }) => spanId !== write?.parentId);
    expect(write?.links).toEqual([idOf(other as ReceivedSpan)]);
    expect(
      spansIn(given[0] ?? '')
        .concat(spansIn(given[1] ?? ''))
        .find(({ parentId }) => parentId === write?.spanId),
    ).toMatchObject({
      name: 'insert chunks',
      attributes: { 'db.system.name': 'mongodb', 'db.namespace': 'kintsugi_jobs', 'db.collection.name': 'chunks' },
    });
  });

  it('a job that a handler makes is a part of the trace of its attempt', async () => {
    const made: string[] = [];
    run = async ({ submit }) => {
      if (made.length > 0) return;
      made.push('');
      made.push((await submit({ ...head, tasks: [{}] })).job_id);
    };
    const { job_id: id } = await tracedJob(traceparent());
    await ended(id);
    const [attempt] = await attemptsOf(id, 1);
    expect(await job(made[1] ?? '')).toMatchObject({ trace_id: attempt?.traceId });
  });
});

describe('with all that comes in by a door sampled', () => {
  beforeAll(() => start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '20' }));
  afterAll(stop);

  it('a request at NATS begins a trace, and one that the gateway has not had traced does not', async () => {
    const body = JSON.stringify({ ...head, tasks: [{}] });
    const { job_id: asked } = (await service.bus.ask(subjects.request('job', 'createJob'), body, { timeoutMs: 60_000 })).json<{
      job_id: string;
    }>();
    const { job_id: untraced } = await tracedJob(undefined);
    expect(await job(untraced)).not.toHaveProperty('trace_id');
    const { trace_id: traceId } = await job(asked);
    await eventually(() => {
      const [root] = receiver.spans.filter((span) => span.traceId === traceId && span.name === 'process createJob');
      expect(root).toMatchObject({ kind: 'server', parentId: '' });
    });
  });

  it('each tick of a schedule begins a trace', async () => {
    const seen = receiver.spans.length;
    const schedule = { name: 'often', every_s: 1, job: { ...head, tasks: [{}] } };
    await callAction(service.bus, 'createSchedule', schedule, { origin: { actor: ann, requestId: 'r' } });
    await eventually(() => {
      const tick = receiver.spans.slice(seen).find(({ name }) => name === 'tick');
      expect(tick?.parentId).toBe('');
      expect(receiver.spans.some(({ name, links }) => /^attempt/.test(name) && links[0]?.spanId === tick?.spanId)).toBe(true);
    });
    await callAction(service.bus, 'deleteSchedule', { name: 'often' }, { origin: { actor: ann, requestId: 'r' } });
  });
});
