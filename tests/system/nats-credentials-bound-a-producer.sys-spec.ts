// With the users of docs/nats.md, a producer hands in jobs and follows events, and may do nothing else.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { PermissionViolationError, connect, headers, type NatsConnection } from '@nats-io/transport-node';
import {
  commands,
  consumers,
  eventCatalogue,
  operations,
  streams,
  subjects,
  type ActionName,
  type EventName,
} from '@kintsugi/contracts';
import { ServerProcess, freePort, resolveBinary } from '@kintsugi/servers';
import { repository, startPlatform, type Platform } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';

let folder: TemporaryFolder;
let server: ServerProcess;
let platform: Platform;
let producer: NatsConnection;

beforeEach(async () => {
  folder = createTemporaryFolder('nats');
  const port = await freePort();
  server = natsServerOfThePage(port);
  await server.start();
  platform = await startPlatform({
    settings: {
      NATS_URL: `nats://kintsugi:change-me@127.0.0.1:${port}`,
      WORKER_PROGRAM: ['tests/system/workers/sink-worker.mjs'],
    },
    environment: { ...process.env, NODE_OPTIONS: '' },
  });
  const servers = `nats://127.0.0.1:${port}`;
  producer = await connect({ servers, user: 'shop', pass: 'change-me-too', inboxPrefix: 'shop.inbox' });
});

afterEach(async () => {
  await producer.close();
  await platform.stop();
  await server.stop();
  await folder.remove();
});

function natsServerOfThePage(port: number): ServerProcess {
  const page = readFileSync(join(repository, 'docs', 'nats.md'), 'utf8');
  const rules = /```\n(max_payload: [^]*?)```/.exec(page)?.[1] ?? '';
  const configuration = join(folder.path, 'nats-server.conf');
  const store = join(folder.path, 'jetstream');
  mkdirSync(store);
  return new ServerProcess({
    name: 'nats-server',
    binary: resolveBinary('nats-server'),
    args: ['-c', configuration],
    url: `nats://127.0.0.1:${port}`,
    port,
    folder: folder.path,
    logFile: join(folder.path, 'nats-server.log'),
    readyTimeoutMs: 120_000,
    prepare: () =>
      writeFileSync(configuration, `listen: "127.0.0.1:${port}"\njetstream { store_dir: ${JSON.stringify(store)} }\n${rules}`),
    probe: async () => {
      const connection = await connect({ port, user: 'kintsugi', pass: 'change-me', reconnect: false });
      await connection.close();
    },
  });
}

const ofWorkers = [
  subjects.work('worker'),
  subjects.control('worker'),
  subjects.outcomes,
  subjects.beats,
  subjects.inventories,
  subjects.rollCall,
];
const ofTheFleet = [subjects.metrics, subjects.health];
const requests = (Object.keys(operations) as ActionName[]).map((action) => subjects.request(operations[action].service, action));

/** Every subject that the platform or the broker acts upon, but for the one command. */
const notToBePublished = [
  ...Object.keys(commands)
    .filter((name) => name !== 'createJob')
    .map(subjects.command),
  `${subjects.command('createJob')}.more`,
  ...(Object.keys(eventCatalogue) as EventName[]).map(subjects.event),
  ...requests,
  ...ofWorkers,
  ...ofTheFleet,
  ...['INFO', 'STREAM.NAMES', 'STREAM.CREATE.OTHER'].map((call) => `$JS.API.${call}`),
  ...Object.keys(streams).flatMap((name) =>
    ['INFO', 'UPDATE', 'DELETE', 'PURGE', 'MSG.GET', 'MSG.DELETE'].map((call) => `$JS.API.STREAM.${call}.${name}`),
  ),
  ...Object.entries(consumers).flatMap(([name, { stream }]) =>
    ['CREATE', 'DELETE', 'MSG.NEXT'].map((call) => `$JS.API.CONSUMER.${call}.${stream}.${name}`),
  ),
  '$JS.ACK.EVENTS.metrics-service-jobs.1.1.1.1.0',
  '$SYS.REQ.SERVER.PING',
  '$SYS.REQ.ACCOUNT.PING.CONNZ',
  '_INBOX.of.another',
  'shop.answers',
];

/** What others are told, and every wildcard under which it could be heard. */
const notToBeHeard = [
  ...['>', 'kin.>', 'kin.*.>', subjects.allCommands, subjects.command('createJob')],
  ...['kin.req.>', 'kin.work.>', 'kin.control.>', 'kin.worker.>', 'kin.fleet.>', '_INBOX.>', '$JS.>', '$JS.API.>', '$SYS.>'],
  ...requests,
  ...ofWorkers,
  ...ofTheFleet,
];

test('a producer hands in jobs and follows events, and is refused everything else', async () => {
  const answers: unknown[] = [];
  const completed: string[] = [];
  producer.subscribe('shop.answers', { callback: (_, message) => void answers.push(message.json()) });
  producer.subscribe('kin.evt.job.completed', {
    callback: (_, message) =>
      void completed.push(...message.json<{ jobs: { job_id: string }[] }>().jobs.map(({ job_id }) => job_id)),
  });
  await producer.flush();
  const job = { product_id: 'shop', sending_group_id: 'spring', type: 'test.noop', tasks: [{ payload: { number: 1 } }] };
  const given = headers();
  given.set('Kin-Reply-To', 'shop.answers');
  const receipt = await jetstream(producer).publish('kin.cmd.createJob', JSON.stringify(job), { headers: given });
  expect(receipt).toMatchObject({ stream: 'COMMANDS', duplicate: false });
  await eventually(() => expect(answers).toEqual([expect.objectContaining({ job_id: expect.stringMatching(/^job_/) })]));
  const [{ job_id }] = answers as [{ job_id: string }];
  await eventually(() => expect(completed).toEqual([job_id]));

  const refused = new Set<string>();
  void (async () => {
    for await (const status of producer.status()) {
      if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
      refused.add(`${status.error.operation} ${status.error.subject}`);
    }
  })();
  for (const subject of notToBePublished) producer.publish(subject, '{}');
  for (const subject of notToBeHeard) producer.subscribe(subject, { callback: () => undefined });
  const everyAttempt = [
    ...notToBePublished.map((subject) => `publish ${subject}`),
    ...notToBeHeard.map((subject) => `subscription ${subject}`),
  ];
  await eventually(() => expect([...refused].sort()).toEqual(everyAttempt.sort()));
});
