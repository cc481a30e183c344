import { spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { freePort } from '@kintsugi/servers';

const doctor = join(import.meta.dirname, '..', '..', '..', 'tools', 'setup', 'doctor.mjs');

interface Report {
  ok: boolean;
  cache: string;
  checks: { name: string; state: 'ok' | 'fetch' | 'warn' | 'missing'; found: string; advice?: string }[];
}

let folder: TemporaryFolder;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = createTemporaryFolder();
  const [api, nats, mongo] = [await freePort(), await freePort(), await freePort()];
  environment = {
    PATH: process.env['PATH'],
    KINTSUGI_CACHE: join(folder.path, 'cache'),
    KINTSUGI_HOME: join(folder.path, 'home'),
    API_PORT: String(api),
    NATS_PORT: String(nats),
    MONGO_PORT: String(mongo),
  };
});

afterEach(async () => {
  await folder.remove();
});

function run(...args: string[]) {
  return spawnSync(process.execPath, [doctor, ...args], { env: environment, encoding: 'utf8' });
}

function report(): Report & { status: number | null; of: (name: string) => Report['checks'][number] | undefined } {
  const { status, stdout } = run('--json');
  const parsed = JSON.parse(stdout) as Report;
  return { ...parsed, status, of: (name) => parsed.checks.find((check) => check.name === name) };
}

describe('the doctor', () => {
  test('tells each thing in one shape, with advice for all that is missing', () => {
    const { ok, status, checks, cache } = report();
    expect(cache).toBe(environment['KINTSUGI_CACHE']);
    const names = ['bash', 'node', 'npm', 'python', 'pip', 'git', 'node 24', 'packages', 'build', 'nats-server', 'mongod'];
    expect(checks.map(({ name }) => name)).toEqual([...names, 'API_PORT', 'NATS_PORT', 'MONGO_PORT', 'cache', 'project', 'data']);
    for (const check of checks) {
      expect(['ok', 'fetch', 'warn', 'missing']).toContain(check.state);
      expect(check.found).not.toBe('');
      if (check.state === 'missing' || check.state === 'warn') expect(check.advice).toMatch(/\.$/);
    }
    expect(ok).toBe(checks.every(({ state }) => state !== 'missing'));
    expect(status).toBe(ok ? 0 : 69);
  });

  test('says the same in lines for a person, and creates nothing', () => {
    const { stdout } = run();
    expect(stdout).toMatch(/^ {2}ok {7}NATS_PORT {5}\d+ is free$/m);
    expect(stdout).toMatch(
      /\n(All that is needed is there, or will be fetched\.|.+ missing; the lines above say what to do\.)\n$/,
    );
    expect(report().of('cache')).toMatchObject({ state: 'ok' });
  });

  test('names who holds a port', async () => {
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen({ port: 0, host: '127.0.0.1' }, resolve));
    const { port } = occupant.address() as AddressInfo;
    environment['API_PORT'] = String(port);
    const { status, of } = report();
    await new Promise((resolve) => occupant.close(resolve));
    expect(status).toBe(69);
    expect(of('API_PORT')).toMatchObject({ state: 'missing', advice: 'Stop that process, or set API_PORT to another port.' });
    expect(of('API_PORT')?.found).toMatch(new RegExp(`^${port} is taken by .+ \\(pid ${process.pid}\\)$`));
  });

  test('refuses a program that cannot be run, and a port that is none', () => {
    environment['MONGOD_BIN'] = '/does/not/exist';
    environment['NATS_PORT'] = 'many';
    const { status, of } = report();
    expect(status).toBe(69);
    expect(of('mongod')).toMatchObject({ state: 'missing', found: "MONGOD_BIN names a file that can't be run: /does/not/exist" });
    expect(of('NATS_PORT')).toMatchObject({ state: 'missing', found: 'many is not a port' });
  });

  test('asks for no server where the environment gives one', () => {
    environment['NATS_URL'] = 'nats://127.0.0.1:1';
    environment['MONGO_URL'] = 'mongodb://127.0.0.1:1';
    const { of, checks } = report();
    expect(of('nats-server')).toMatchObject({ state: 'ok', found: 'given by NATS_URL' });
    expect(of('mongod')).toMatchObject({ state: 'ok', found: 'given by MONGO_URL' });
    expect(checks.map(({ name }) => name)).not.toContain('MONGO_PORT');
  });

  test('refuses an option that it does not have', () => {
    expect(run('--fix')).toMatchObject({ status: 64, stdout: '', stderr: expect.stringContaining('no option "--fix"') });
    const { status, stdout } = run('--json', '--fix');
    expect(status).toBe(64);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'USAGE', detail: expect.stringContaining('--fix'), exit_code: 64 },
    });
  });
});
