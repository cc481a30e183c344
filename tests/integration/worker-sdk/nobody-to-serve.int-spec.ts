// A worker says what it serves, and what keeps it from doing so.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { createWorker, type Worker } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';

let servers: TestServers;
let service: JobServiceUnderTest | undefined;
let worker: Worker;
const said: string[] = [];

beforeAll(async () => {
  servers = await startTestServers();
});

afterEach(async () => {
  await worker?.stop();
  said.length = 0;
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

function startWorker(natsUrl: string): void {
  worker = createWorker({ natsUrl, name: 'hello', slots: 7, log: (line) => void said.push(line) })
    .handle('greet', () => undefined)
    .plan('greet', () => []);
  void worker.start();
}

async function says(...lines: RegExp[]): Promise<void> {
  await eventually(() => expect(said).toEqual(lines.map((line) => expect.stringMatching(line))));
}

test('a worker that cannot reach NATS says so once, with what to do, and never what lets it in', async () => {
  startWorker('nats://me:secret@127.0.0.1:1');
  await says(
    /^Worker hello-\w+ cannot reach NATS at nats:\/\/127\.0\.0\.1:1 \(.*refused.*\), and tries on\. .*kintsugi up.*NATS_URL/,
  );
});

test('a worker says what it serves, that no job-service listens, and when one does', async () => {
  const where = servers.natsUrl.replaceAll('.', '\\.');
  const serves = new RegExp(`^Worker hello-\\w+ serves greet, plan:greet with 7 slots at ${where}\\.$`);
  const unheard = new RegExp(`^Worker hello-\\w+ gets no work: no job-service listens at ${where}\\. .*kintsugi status`);
  startWorker(servers.natsUrl);
  await says(serves, unheard);
  service = await startJobService(servers);
  await says(serves, unheard, /^Worker hello-\w+ is connected, and a job-service listens\.$/);
});

test('a log that throws stops nothing', async () => {
  worker = createWorker({
    natsUrl: servers.natsUrl,
    log: () => {
      throw new Error('full');
    },
  }).handle('greet', () => undefined);
  expect(await worker.start()).toBe(worker);
});
