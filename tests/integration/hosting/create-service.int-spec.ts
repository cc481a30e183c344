import { Injectable, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SETTINGS, SettingsError, type ServiceDefinition } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { SchemaError, Store, type DatabaseSchema } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startService, type ServiceUnderTest } from '../service-under-test.js';

let servers: TestServers;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(() => servers?.stop());

const settings = { GREETING: z.string().default('hello') };

/** A part that fails to start when it is told so, and notes that it was ended. */
@Injectable()
class Part implements OnApplicationBootstrap, OnModuleDestroy {
  static ended = 0;

  onApplicationBootstrap(): void {
    if (Part.fails) throw new Error('A part cannot start.');
  }

  onModuleDestroy(): void {
    Part.ended += 1;
  }

  static fails = false;
}

@Module({ providers: [Part] })
class PartsModule {}

const trial: ServiceDefinition<typeof settings> = { name: 'metrics-service', settings, module: PartsModule };
const schema: DatabaseSchema = { database: 'trial', migrations: [] };

async function readiness({ service }: ServiceUnderTest<typeof settings>): Promise<unknown> {
  return (await fetch(`http://${service.opsAddress}/health/ready`)).json();
}

describe('a service', () => {
  it.each<[string, Partial<typeof trial>, string[]]>([
    ['neither NATS nor a database', { nats: false }, []],
    ['NATS', {}, ['nats']],
    ['a database', { nats: false, schema }, ['mongo']],
    ['both', { schema }, ['nats', 'mongo']],
  ])('lives on %s as it is defined, and answers for them', async (_, difference, checks) => {
    const under = await startService({ ...trial, ...difference }, servers, { GREETING: 'hi' });
    expect(under.service.get<unknown>(SETTINGS)).toMatchObject({ GREETING: 'hi' });
    const parts = { nats: () => under.service.get(Bus), mongo: () => under.service.get(Store) };
    for (const [name, part] of Object.entries(parts)) {
      if (checks.includes(name)) expect(part()).toBeDefined();
      else expect(part).toThrow('could not find');
    }
    expect(await readiness(under)).toMatchObject({
      ready: true,
      checks: { service: 'ok', ...Object.fromEntries(checks.map((check) => [check, 'ok'])) },
    });
    const { opsAddress } = under.service;
    await under.service.close();
    await expect(fetch(`http://${opsAddress}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('refuses settings before it opens anything', async () => {
    const check = (): never => {
      throw new SettingsError('These two do not go together.');
    };
    await expect(startService({ ...trial, check }, servers)).rejects.toThrow('do not go together');
    await expect(startService(trial, servers, { LOG_LEVEL: 'loud' })).rejects.toThrow(SettingsError);
  });

  it('refuses a database of another version', async () => {
    const store = await Store.connect({ url: servers.mongoUrl, database: 'old_trial', applicationName: 'test' }, () => undefined);
    await store.collection<{ _id: string }>('schema_version').insertOne({ _id: 'schema', version: 3 } as never);
    await store.close();
    await expect(startService({ ...trial, schema }, servers, { DATABASE_PREFIX: 'old' })).rejects.toThrow(SchemaError);
  });

  it('that cannot start ends what it had begun, and says why', async () => {
    const ended = Part.ended;
    Part.fails = true;
    await expect(startService({ ...trial, schema }, servers)).rejects.toThrow('A part cannot start.');
    Part.fails = false;
    expect(Part.ended).toBe(ended + 1);
    await eventually(async () => expect(await connectionsOf(trial.name)).toEqual([]));
  });
});

/** Whatever is connected to the database under a name. */
async function connectionsOf(appName: string): Promise<unknown[]> {
  const store = await Store.connect({ url: servers.mongoUrl, database: 'admin', applicationName: 'test' }, () => undefined);
  const pipeline = [{ $currentOp: { idleConnections: true, allUsers: true } }, { $match: { appName } }];
  const found = await store.db.aggregate(pipeline, { readConcern: { level: 'local' } }).toArray();
  await store.close();
  return found;
}
