// With AUTH=on nobody comes in without what only the owner of the home can read, and who may comes in by himself.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { connect } from '@nats-io/transport-node';
import { createClient } from '@kintsugi/client';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { createHome, environmentWith, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;
let folder: TemporaryFolder;

beforeAll(async () => {
  place = await createHome();
  folder = createTemporaryFolder('beside');
  await up('on');
});

afterAll(async () => {
  await place.remove();
  await folder.remove();
});

async function up(auth: 'on' | 'off'): Promise<void> {
  expect(await runCommand(['up', '--detach', ...place.options, '--auth', auth])).toMatchObject({ code: 0 });
}

interface Credentials {
  nats_url: string;
  mongo_url: string;
  mongo_key: string;
  ops_token: string;
}

const credentialsFile = (): string => join(place.home, 'credentials.json');
const credentials = (): Credentials => JSON.parse(readFileSync(credentialsFile(), 'utf8')) as Credentials;
const secrets = (): string[] => {
  const { nats_url, mongo_url, mongo_key, ops_token } = credentials();
  return [new URL(nats_url).password, new URL(mongo_url).password, mongo_key, ops_token];
};
const bareNats = (): string => `nats://127.0.0.1:${place.ports.nats}`;
const bareMongo = (): string => `mongodb://127.0.0.1:${place.ports.mongo}/?directConnection=true`;

async function comesIntoNats(servers: string, login: { user?: string; pass?: string } = {}): Promise<boolean> {
  try {
    await (await connect({ servers, reconnect: false, ...login })).close();
    return true;
  } catch {
    return false;
  }
}

async function comesIntoMongo(url: string): Promise<boolean> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    await client.db('kintsugi_jobs').collection('jobs').countDocuments();
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}

describe('with AUTH=on', () => {
  test('who has no credentials is in neither server, and can make himself no user', async () => {
    expect([await comesIntoNats(bareNats()), await comesIntoMongo(bareMongo())]).toEqual([false, false]);
    const client = new MongoClient(bareMongo());
    const making = client.db('admin').command({ createUser: 'me', pwd: 'x', roles: ['root'] });
    await expect(making).rejects.toThrow(/requires authentication|not authorized/i);
    await client.close();
  });

  test('who has them is', async () => {
    const { username, password } = new URL(credentials().nats_url);
    expect(await comesIntoNats(bareNats(), { user: username, pass: password })).toBe(true);
    expect(await comesIntoMongo(credentials().mongo_url)).toBe(true);
  });

  test('nobody without them reads the metrics of a process at its own port', async () => {
    const urls = place.state().processes.flatMap(({ ops }) => ops ?? []);
    expect(urls).toHaveLength(4);
    for (const url of urls) {
      const asked = async (headers: Record<string, string> = {}) => (await fetch(`${url}/metrics`, { headers })).status;
      expect([await asked(), await asked({ authorization: `Bearer ${credentials().ops_token}` })]).toEqual([401, 200]);
    }
  });

  test('they are readable to the owner of the home only, and shown by no command line, state or log', async () => {
    const files = [
      credentialsFile(),
      join(place.home, 'data', 'mongo', 'key'),
      join(place.home, 'data', 'nats', 'nats-server.conf'),
    ];
    for (const file of files) expect({ file, mode: statSync(file).mode & 0o777 }).toEqual({ file, mode: 0o600 });
    const shown = [
      ...place.pids().map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
      JSON.stringify(place.state()),
      (await runCommand(['status', '--json', '--home', place.home])).stdout,
      ...['nats-server', 'mongod', 'job-service', 'gateway', 'supervisor'].map((name) =>
        readFileSync(join(place.home, 'logs', `${name}.log`), 'utf8'),
      ),
    ].join('\n');
    expect(secrets().filter((secret) => shown.includes(secret))).toEqual([]);
  });

  test.each([
    ['that KINTSUGI_HOME names', () => ({ KINTSUGI_HOME: place.home })],
    ['that is the nearest upwards', () => ({})],
  ])('a worker and a client come in by themselves through the home %s', async (_, environment) => {
    const below = join(folder.path, 'shop', 'workers');
    mkdirSync(below, { recursive: true });
    if (!('KINTSUGI_HOME' in environment())) symlinkSync(place.home, join(folder.path, '.kintsugi'));
    const worker = join(repository, 'examples', 'hello-worker', 'worker.mjs');
    const start = (args: string[]): ChildProcess =>
      spawn(process.execPath, args, { cwd: below, env: environmentWith(environment()) });
    const running = start([worker]);
    try {
      const program = `
        import { createClient } from '${join(repository, 'libs', 'client', 'dist', 'index.js')}';
        const client = createClient();
        const job = { product_id: 'p', sending_group_id: 'g', type: 'greet', tasks: [{ payload: { name: 'Ada' } }] };
        const { job_id } = await client.createJob(job);
        process.stdout.write(job_id);`;
      const submitting = start(['--input-type=module', '--eval', program]);
      let jobId = '';
      submitting.stdout?.setEncoding('utf8').on('data', (text: string) => (jobId += text));
      await once(submitting, 'close');
      await eventually(async () => {
        const run = await runCommand(['job', jobId, '--json', '--home', place.home]);
        expect(JSON.parse(run.stdout)).toMatchObject({ status: 'completed' });
      });
    } finally {
      running.kill('SIGKILL');
    }
  });
});

describe('a home whose AUTH is turned', () => {
  test('off again takes everybody and keeps its data, and on again takes nobody, even after its credentials were lost', async () => {
    const list = async (): Promise<unknown> => JSON.parse((await runCommand(['jobs', '--json', '--home', place.home])).stdout);
    const before = (await list()) as { items: { id: string }[] };
    await runCommand(['down', '--home', place.home]);
    await up('off');
    expect([await comesIntoNats(bareNats()), await comesIntoMongo(bareMongo())]).toEqual([true, true]);
    const jobs = await createClient({ baseUrl: place.apiUrl }).listJobs();
    expect(jobs.items.map(({ id }) => id)).toEqual(before.items.map(({ id }) => id));
    expect(() => statSync(credentialsFile())).toThrow(/ENOENT/);
    await runCommand(['down', '--home', place.home]);
    await up('on');
    expect([await comesIntoNats(bareNats()), await comesIntoMongo(bareMongo())]).toEqual([false, false]);
    expect(await comesIntoMongo(credentials().mongo_url)).toBe(true);
    expect(await list()).toMatchObject({ items: before.items.map(({ id }) => ({ id })) });
  });
});
