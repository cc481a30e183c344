import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { natsServerSettings } from '@kintsugi/servers';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface ComposeService {
  command?: string[];
  hostname?: string;
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  env_file?: unknown;
  volumes?: string[];
  profiles?: string[];
  configs?: { source: string; target: string }[];
}

// Merge keys (`<<`) stand for what the services have in common.
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, ComposeService>;
  configs: Record<string, { content: string }>;
};
const supervised = read('tools/supervisor/src/domain/process-roles.ts');
const apps = ['gateway', 'job-service', 'recovery-service', 'metrics-service'];
const workers = ['built-in-worker', 'worker-1'];
const monitoring = ['prometheus', 'alertmanager', 'grafana'];
const settings = new Set([...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name));

/** Of the servers and of single processes; every other variable is a setting. */
const ofTheProcess = new Set(['WORKER_NAME']);

/** The numbers in a configuration of nats-server. */
const numbersIn = (text: string): Record<string, number> =>
  Object.fromEntries([...text.matchAll(/^ *(\w+): (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]));

describe('docker-compose.yml mirrors up', () => {
  test('its nats-server takes messages as large, and keeps as much, as the one of up', () => {
    const { command, configs } = compose.services['nats-server'] ?? {};
    expect(command).toEqual(expect.arrayContaining(['--config', configs?.[0]?.target]));
    expect(numbersIn(compose.configs[configs?.[0]?.source ?? '']?.content ?? '')).toEqual({ http: 8222, ...natsServerSettings });
  });

  test('it has the processes that the supervisor runs, by the same names', () => {
    const names = [...apps, 'migrate', 'mongod', 'nats-server', ...workers, ...monitoring];
    expect(Object.keys(compose.services).sort()).toEqual(names.sort());
    for (const name of [...apps, 'built-in-worker', 'mongod', 'nats-server']) expect(supervised).toContain(`'${name}'`);
  });

  test.each([...apps, ...workers])('%s runs a program that a build makes', (name) => {
    const program = compose.services[name]?.command?.at(-1) ?? '';
    expect(program).toMatch(/^(tools\/bundles|(apps|examples)\/[a-z-]+)\/dist\/[a-z-]+\.js$/);
    const source = program.replace(/^tools\/bundles\/dist\/(.+)\.js$/, 'apps/$1/dist/main.js');
    expect(existsSync(join(root, source.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
  });

  test('its databases are of the version that the services need before these start', () => {
    const { command, depends_on } = compose.services['migrate'] ?? {};
    expect(command).toEqual(['node', 'tools/cli/dist/main.js', 'migrate', 'up']);
    expect(depends_on).toEqual({ mongod: { condition: 'service_healthy' } });
    for (const name of apps) {
      expect(compose.services[name]?.depends_on).toMatchObject({ migrate: { condition: 'service_completed_successfully' } });
    }
  });

  test.each([...apps, 'migrate', ...workers])('%s gets the settings of .env, and is told here where the servers are', (name) => {
    expect(compose.services[name]?.env_file).toEqual([{ path: '.env', required: false }]);
    expect(compose.services[name]?.environment).toMatchObject({
      NATS_URL: 'nats://nats-server:4222',
      MONGO_URL: expect.stringMatching(/^mongodb:\/\/mongod:/),
    });
  });

  test.each(apps)('%s has a name that stays the same when its container is made anew', (name) => {
    // INSTANCE_ID is the name of the host where nothing else is said, and that of a container changes.
    expect(compose.services[name]?.hostname).toBe(name);
  });

  test('the gateway asks for keys, which are in the database', () => {
    const { volumes, environment } = compose.services['gateway'] ?? {};
    expect(volumes).toBeUndefined();
    expect(environment).toMatchObject({ API_HOST: '0.0.0.0', AUTH: 'on', MONGO_URL: expect.any(String) });
  });

  test.each(monitoring)('%s runs where it is asked for, with files that there are', (name) => {
    const { profiles, volumes = [] } = compose.services[name] ?? {};
    expect(profiles).toEqual(['monitoring']);
    const mounted = volumes.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0] ?? '');
    expect(mounted.length).toBeGreaterThan(0);
    expect(mounted.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('it sets nothing that is not a setting', () => {
    const own = Object.entries(compose.services).filter(([name]) => !monitoring.includes(name));
    const set = own.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(set.filter((name) => !settings.has(name) && !ofTheProcess.has(name))).toEqual([]);
  });
});

test('a nats-server of up, of docker-compose.yml and as the docs set it up takes the largest JSON body there is by default', () => {
  expect(natsServerSettings.max_payload).toBe(limits.bodyBytes);
  expect(read('docs/nats.md')).toContain(`\nmax_payload: ${limits.bodyBytes}\n`);
});

describe('what a person puts into a clone to run it', () => {
  test.each([
    ['.gitignore', ['.env']],
    ['.dockerignore', ['**/.env']],
  ])('%s leaves out settings, with the secrets in them', (file, secrets) => {
    expect(read(file).split('\n')).toEqual(expect.arrayContaining(secrets));
  });
});
