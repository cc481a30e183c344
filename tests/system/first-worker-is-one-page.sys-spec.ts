// The first worker is one page of code, and what the pages say to type does what they say.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Task } from '@kintsugi/contracts';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { NpmRegistry } from '../npm-registry.js';
import { createHome, environmentWith, runCommand, type TestHome } from '../command-line.js';

const folder = join(repository, 'examples', 'hello-worker');
const page = readFileSync(join(folder, 'README.md'), 'utf8');
const started: number[] = [];
let notes: TemporaryFolder;
let place: TestHome;
let registry: NpmRegistry;

beforeAll(async () => {
  notes = createTemporaryFolder('page');
  place = await createHome();
  registry = await NpmRegistry.start();
});

afterAll(async () => {
  for (const pid of started) endGroup(pid);
  await place.remove();
  await registry.stop();
  await notes.remove();
});

/** What a shell says that is given the commands of a page. The worker, which they leave running, is told where NATS is. */
async function follow(commands: string[]): Promise<string> {
  const { api, nats, mongo } = place.ports;
  const path = join(notes.path, `said-${started.length}`);
  const said = openSync(path, 'w');
  const worker = `node() { NATS_URL=nats://127.0.0.1:${nats} command node "$@"; }`;
  const shell = spawn('bash', ['-c', [worker, ...commands].join('\n')], {
    cwd: repository,
    env: environmentWith({
      KINTSUGI_HOME: place.home,
      API_PORT: String(api),
      NATS_PORT: String(nats),
      MONGO_PORT: String(mongo),
      WORKERS: '0',
    }),
    detached: true,
    stdio: ['ignore', said, said],
  });
  closeSync(said);
  started.push(shell.pid!);
  await once(shell, 'exit');
  return readFileSync(path, 'utf8');
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // All of it has ended by itself.
  }
}

function shellBlocks(text: string): string[] {
  return [...text.matchAll(/```sh\n([^]*?)```/g)].map(([, commands]) => commands ?? '');
}

async function tasksOf(jobId: string | undefined): Promise<Task[]> {
  const response = await fetch(`${place.apiUrl}/v1/jobs/${jobId}/tasks`);
  return ((await response.json()) as { items: Task[] }).items;
}

test('the page shows the file as it is, in at most forty lines', () => {
  const shown = /```js\n([\s\S]*?)```/.exec(page)?.[1];
  expect(shown).toBe(readFileSync(join(folder, 'worker.mjs'), 'utf8'));
  expect(shown?.split('\n').length).toBeLessThanOrEqual(40);
});

test('what the README says to type starts everything, and a first job completes', async () => {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  const [use] = shellBlocks(readme.slice(readme.indexOf('## Use it')));
  const said = await follow([use!]);
  expect(said).toMatch(/^Ready after/m);
  expect(said).toMatch(/^job_\S+ {2}completed$/m);
  expect(said).not.toMatch(/^[A-Z]+(_[A-Z]+)*: /m);
});

test("what the worker's page says to type runs tasks, keeps results and logs, names failures, plans, and keeps steps", async () => {
  const said = await follow(shellBlocks(page));
  expect([...said.matchAll(/^job_\S+ {2}(completed|failed)$/gm)].map(([, status]) => status)).toEqual([
    'completed',
    'failed',
    'completed',
    'completed',
  ]);
  expect(said).toContain('greet.no_name: A greeting needs a name.');
  expect(said).not.toMatch(/^[A-Z]+(_[A-Z]+)*: /m);
  const [, two, planned] = [...said.matchAll(/^(job_\S+) is accepted/gm)].map(([, id]) => id);
  const [bob, nobody] = await tasksOf(two);
  expect(bob).toMatchObject({ state: 'succeeded', result: { greeting: 'Hello, Bob!' }, logs: [`Attempt 1 of ${bob?.id}`] });
  expect(nobody).toMatchObject({ state: 'dead', attempts: 1, error: { error_type: 'greet.no_name' } });
  expect((await tasksOf(planned)).map(({ key, state }) => [key, state])).toEqual([
    ['Cy', 'succeeded'],
    ['Dee', 'succeeded'],
    ['Eve', 'succeeded'],
  ]);
});

test('what the page says of a folder of your own makes a worker there that runs tasks', async () => {
  for (const pid of started.splice(0)) endGroup(pid);
  const [, commands = ''] = /```bash\n([^]*?)```/.exec(page) ?? [];
  symlinkSync(repository, join(notes.path, 'kintsugi'));
  const shell = spawn('bash', ['-ec', commands], {
    env: environmentWith({ ...registry.environment, HOME: notes.path, NATS_URL: `nats://127.0.0.1:${place.ports.nats}` }),
    detached: true,
    stdio: 'ignore',
  });
  started.push(shell.pid!);
  const options = ['--type', 'greet', '--product', 'demo', '--group', 'readers', '--watch', '--home', place.home];
  const { code, stdout } = await runCommand(['submit', '-', ...options], {}, '{"payload": {"name": "Ada"}}');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('completed') });
  expect(shell.exitCode).toBe(null);
});
