// A worker that a bundler has made one file of runs tasks, and is taken for alive while a task blocks its main thread.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { subjects, type JobReceipt, type TaskPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { createTemporaryFolder, eventually, startTestServers, type TemporaryFolder, type TestServers } from '@kintsugi/testing';
import { build, stop, type BuildOptions } from 'esbuild';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';
import { WorkerProgram } from './worker-program.js';

let folder: TemporaryFolder;
let servers: TestServers;
let service: JobServiceUnderTest;
let program: WorkerProgram;

beforeAll(async () => {
  folder = createTemporaryFolder('bundle');
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterEach(() => program?.kill());

afterAll(async () => {
  await stop();
  await service?.stop();
  await servers?.stop();
  await folder?.remove();
});

/** As the documentation of esbuild has it for packages that call `require`. */
const requireInModules = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const bundles: [what: string, options: BuildOptions][] = [
  ['a module', { format: 'esm', banner: { js: requireInModules } }],
  ['a minified module that keeps its names', { format: 'esm', minify: true, keepNames: true, banner: { js: requireInModules } }],
  ['CommonJS', { format: 'cjs' }],
];

test.each(bundles)('%s', async (_, options) => {
  const file = join(folder.path, `${options.format}-${options.minify ?? false}.${options.format === 'esm' ? 'mjs' : 'cjs'}`);
  const entry = join(import.meta.dirname, 'programs', 'blocking-worker.mjs');
  await build({ ...options, entryPoints: [entry], outfile: file, bundle: true, platform: 'node', logLevel: 'error' });
  program = WorkerProgram.start(file, { environment: { NATS_URL: servers.natsUrl }, folder: folder.path });
  const until = `${file}.go`;
  const job = { product_id: 'p', sending_group_id: 'g', type: 'bundle.block', tasks: [{ payload: { until } }] };
  const { job_id: jobId }: JobReceipt = await callAction(service.bus, 'createJob', job);
  const { running: workerId } = await program.tells('running');
  let beats = 0;
  const subscription = service.bus.subscribe(subjects.beats, (message) => {
    if (message.json<{ worker_id: string }>().worker_id === workerId) beats += 1;
  });
  await eventually(() => expect(beats).toBeGreaterThanOrEqual(3));
  subscription.unsubscribe();
  writeFileSync(until, '');
  await eventually(async () => {
    const { items }: TaskPage = await callAction(service.bus, 'listTasks', { job_id: jobId });
    expect(items).toMatchObject([{ state: 'succeeded', attempts: 1, result: { bundled: true } }]);
  });
  program.process.kill('SIGTERM');
  expect(await program.ended).toEqual([null, 'SIGTERM']);
});
