// Replicas that start together find the same calls that were cut off: each of them gets one end.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { natsActor } from '@kintsugi/contracts';
import { AuditedCalls } from '@kintsugi/hosting';
import { Store } from '@kintsugi/persistence';
import { AuditLog, type AuditNote } from '@kintsugi/persistence/audit';
import { AuditEntries } from '@kintsugi/persistence/audit-entries';
import { startTestServers, type TestServers } from '@kintsugi/testing';

const jobIds = Array.from({ length: 20 }, (_, index) => `job_01890a5d-ac96-774b-bcce-${String(index).padStart(12, '0')}`);
const pauseOf = (jobId: string): AuditNote => ({
  ...{ phase: 'asked', call: null, action: 'pauseJob', given: null, before: { status: 'running' }, after: null, problem: null },
  by: [{ actor: natsActor, tenant: null, request_id: 'r', subjects: [jobId] }],
});

let servers: TestServers;
let server: Store;
let store: Store;
let databases = 0;

beforeAll(async () => {
  servers = await startTestServers();
  const place = { url: servers.mongoUrl, database: 'admin', applicationName: 'test' };
  server = await Store.connect(place, () => undefined);
});

beforeEach(() => {
  store = server.beside(`kintsugi_ends_${(databases += 1)}`);
});

afterAll(async () => {
  await server?.close();
  await servers?.stop();
});

const logOf = (instance: string) => new AuditLog(store, { service: 'job', instance, key: null });
const entries = () => new AuditEntries(store).behind(0);

it('a call that was cut off has the end that the first of two replicas has written, and that alone', async () => {
  const asked = await logOf('one').append(pauseOf('job_1'));
  const found = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const late = new AuditedCalls(logOf('one'), async () => {
    found.resolve();
    await ended.promise;
    return { status: 'paused' };
  });
  const ends = late.endOpenCalls(logOf('one'));
  await found.promise;
  await new AuditedCalls(logOf('one'), async () => ({ status: 'paused' })).endOpenCalls(logOf('one'));
  ended.resolve();
  await ends;
  expect(await entries()).toMatchObject([
    { phase: 'asked' },
    { phase: 'unknown', call: asked.seq, before: { status: 'running' }, after: { status: 'paused' }, problem: null },
  ]);
});

it('nor do two write it that do so at the same moment', async () => {
  const log = logOf('one');
  const asked = await Promise.all(jobIds.map((jobId) => log.append(pauseOf(jobId))));
  const replicas = [logOf('one'), logOf('one'), logOf('one')];
  for (const { seq: call } of asked) {
    const end: AuditNote = { ...pauseOf('job_1'), phase: 'unknown', call };
    const kept = await Promise.all(replicas.map((replica) => replica.keep(end, true)));
    expect(kept.filter(({ seq }) => seq !== null)).toHaveLength(1);
  }
  expect((await entries()).filter(({ phase }) => phase === 'unknown').map(({ call }) => call)).toEqual(
    asked.map(({ seq }) => seq),
  );
});

it('what is sent again beside much else is written once, in its place', async () => {
  const log = logOf('one');
  const note: AuditNote = { ...pauseOf('job_1'), phase: 'done', call: 7 };
  await Promise.all([...jobIds, 'job_1'].flatMap((jobId) => [log.append(pauseOf(jobId)), log.keep(note, true)]));
  const found = await entries();
  expect(found).toHaveLength(jobIds.length + 2);
  expect(found.filter(({ call }) => call === 7)).toHaveLength(1);
});
