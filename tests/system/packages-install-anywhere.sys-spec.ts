// The packages install into any folder, with the compiler's own defaults and on every Node.js that they name, and type jobs end to end.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { environmentWith } from '../command-line.js';
import { nodeRelease } from '../node-release.js';
import { NpmRegistry } from '../npm-registry.js';
import { PlatformUnderTest } from './platform-under-test.js';

const run = promisify(execFile);
const nest = ['@nestjs/common', '@nestjs/core', '@types/node', 'reflect-metadata', 'rxjs'];
const program = (name: string): string => join(repository, 'node_modules', '.bin', name);

const releases = [
  { name: `Node.js ${process.versions.node}`, release: { program: process.execPath } },
  { name: 'Node.js 22', release: await nodeRelease('22.23.3') },
  { name: 'Node.js 20', release: await nodeRelease('20.20.2') },
];

let registry: NpmRegistry;
let place: TemporaryFolder;
let archives: string[];
let under: PlatformUnderTest;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  registry = await NpmRegistry.start();
  place = createTemporaryFolder('installed');
  const packing = await run(process.execPath, [join(repository, 'tools', 'pack', 'pack.mjs'), join(place.path, 'packages')]);
  archives = packing.stdout.trim().split('\n');
  under = await PlatformUnderTest.start({ workers: 0 });
});

afterAll(async () => {
  worker?.kill('SIGKILL');
  await under?.stop();
  await registry?.stop();
  await place?.remove();
});

/** What a program of the folder says where it ends well. */
async function runThere(file: string, args: string[], environment: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run(file, args, { cwd: place.path, env: environmentWith(environment) }).catch((error: Error) => {
    throw new Error(`${error.message}\n${(error as { stdout?: string }).stdout}`);
  });
  return stdout;
}

async function compileThere(settings: object): Promise<void> {
  writeFileSync(join(place.path, 'tsconfig.json'), JSON.stringify(settings));
  await runThere(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc')]);
}

test('each package is what publint and attw take for a good one', async () => {
  expect(archives).toHaveLength(3);
  for (const archive of archives) {
    await runThere(program('publint'), ['run', archive, '--strict']);
    await runThere(program('attw'), [archive, '--profile', 'esm-only']);
  }
});

test('an empty folder installs them, and compiles what uses them as nodenext has it', async () => {
  writeFileSync(join(place.path, 'package.json'), JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  await runThere('npm', ['install', ...archives, 'zod', 'typescript', ...nest], registry.environment);
  cpSync(join(repository, 'tests', 'system', 'installed'), join(place.path, 'src'), { recursive: true });
  const compilerOptions = { module: 'nodenext', strict: true, rootDir: 'src', outDir: 'dist' };
  await compileThere({ compilerOptions, include: ['src'], exclude: ['src/nest'] });
  // Nest asks for decorators, and for the types of Node.js.
  await compileThere({
    compilerOptions: { ...compilerOptions, experimentalDecorators: true, types: ['node'] },
    include: ['src/nest'],
  });
  expect(readdirSync(join(place.path, 'dist'))).toContain('producer.js');
  expect(readdirSync(join(place.path, 'node_modules', '@kintsugi')).sort()).toEqual(['client', 'nestjs', 'worker-sdk']);
});

test('a Nest app has a client, runs tasks, says how it is, and ends when it closes', async () => {
  const { api, nats } = under.platform.urls;
  await runThere(process.execPath, ['dist/nest/app.js'], { KINTSUGI_URL: api, NATS_URL: nats });
});

describe.each(releases)('on $name', ({ release }) => {
  // eslint-disable-next-line no-restricted-syntax -- an older Node.js comes from the registry of npm, which may be out of reach
  const testWithRelease = release.missing === undefined ? test : test.skip;
  const inWords = release.missing === undefined ? '' : ` (skipped: ${release.missing})`;

  testWithRelease(`a producer and a worker share a definition, and each payload is checked at both ends${inWords}`, async () => {
    const { api, nats } = under.platform.urls;
    const node = release.missing === undefined ? release.program : '';
    const env = environmentWith({ NATS_URL: nats });
    worker = spawn(node, ['dist/worker.js'], { cwd: place.path, env, stdio: ['ignore', 'inherit', 'inherit'] });
    await runThere(node, ['dist/producer.js'], { KINTSUGI_URL: api });
    const { job_id: jobId } = await under.createJob({ type: 'greet', tasks: [{ payload: { name: 'Ada', on: 'never' } }] });
    await under.ended(jobId);
    expect(await under.tasks(jobId)).toMatchObject([
      {
        state: 'dead',
        attempts: 1,
        error: { error_type: 'task.payload_invalid', error_message: expect.stringContaining('payload.on: ') },
      },
    ]);
    const ended = once(worker, 'exit');
    worker.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
  });
});
