import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  SchemaError,
  Store,
  migrateUp,
  requireSchema,
  schemaStateOf,
  type DatabaseSchema,
  type Migration,
} from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

const never = new AbortController().signal;

let servers: TestServers;
let server: Store;
let store: Store;
let databases = 0;
/** Names of the migrations that were run, in order. */
let ran: string[];

beforeAll(async () => {
  servers = await startTestServers();
  server = await Store.connect({ url: servers.mongoUrl, database: 'admin', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await server?.close();
  await servers?.stop();
});

beforeEach(() => {
  databases += 1;
  store = server.beside(`kintsugi_${databases}`);
  ran = [];
});

function schemaOf(...names: string[]): DatabaseSchema {
  return { database: 'any', migrations: names.map((name) => ({ name, up: async () => void ran.push(name) })) };
}

const appliedOf = async (schema: DatabaseSchema) => (await migrateUp(store, schema, never)).applied;
const holdSomething = () => store.collection<{ _id: string }>('things').insertOne({ _id: 'one' });
const kept = () => store.collection<{ _id: string }>('schema_version').findOne({ _id: 'schema' });

describe('a database', () => {
  it('that is empty is of the version that the first service knows, and holds it from then on', async () => {
    await requireSchema(store, schemaOf('a', 'b'));
    expect(await kept()).toMatchObject({ version: 2, applied: [] });
    expect(await appliedOf(schemaOf('a', 'b'))).toEqual([]);
    expect(ran).toEqual([]);
  });

  it('that holds something and no version is of version 0', async () => {
    await holdSomething();
    expect(await schemaStateOf(store, schemaOf('a', 'b'))).toMatchObject({ version: 0, status: 'pending', pending: ['a', 'b'] });
  });

  it('without a migration to run holds its version too', async () => {
    await holdSomething();
    await requireSchema(store, schemaOf());
    expect(await kept()).toMatchObject({ version: 0 });
  });
});

describe('a service', () => {
  it('waits for whoever migrates just now where it is told to, and says once why', async () => {
    await migrateUp(store, schemaOf('a'), never);
    const told: string[] = [];
    let isDone = false;
    const waiting = requireSchema(store, schemaOf('a', 'b'), ({ message }) => told.push(message)).then(() => (isDone = true));
    await eventually(() => expect(told).toHaveLength(1));
    expect(isDone).toBe(false);
    await migrateUp(store, schemaOf('a', 'b'), never);
    await waiting;
    expect(told).toEqual([expect.stringContaining('b is pending')]);
  });

  it('does not start while a migration is pending, and says what to run', async () => {
    await holdSomething();
    await migrateUp(store, schemaOf('a'), never);
    const refusal = requireSchema(store, schemaOf('a', 'b', 'c'));
    await expect(refusal).rejects.toThrow(
      `kintsugi_${databases} has schema version 1, and this Kintsugi needs 3: b, c are pending.`,
    );
    await expect(refusal).rejects.toMatchObject({ advice: expect.stringContaining('./kintsugi migrate up') });
    expect(ran).toEqual(['a']);
  });

  it('does not start on a version that it does not know, and nothing takes it back', async () => {
    await requireSchema(store, schemaOf('a', 'b'));
    await expect(requireSchema(store, schemaOf('a'))).rejects.toThrow(
      'written by a newer Kintsugi; this one knows no newer than 1',
    );
    await expect(migrateUp(store, schemaOf('a'), never)).rejects.toBeInstanceOf(SchemaError);
    expect(await kept()).toMatchObject({ version: 2 });
  });

  it('waits for a database that is away, and starts on it', async () => {
    await holdSomething();
    await servers.mongo.kill();
    const required = requireSchema(store, schemaOf());
    await servers.mongo.start();
    await required;
    expect(await kept()).toMatchObject({ version: 0 });
  });
});

describe('migrate up', () => {
  it('runs what is pending in order and once, and remembers it', async () => {
    await holdSomething();
    expect(await appliedOf(schemaOf('a', 'b'))).toEqual(['a', 'b']);
    expect(await appliedOf(schemaOf('a', 'b'))).toEqual([]);
    expect(await appliedOf(schemaOf('a', 'b', 'c'))).toEqual(['c']);
    expect(ran).toEqual(['a', 'b', 'c']);
    const at = expect.any(Date);
    expect(await kept()).toEqual({
      _id: 'schema',
      version: 3,
      applied: [
        { version: 1, name: 'a', at },
        { version: 2, name: 'b', at },
        { version: 3, name: 'c', at },
      ],
    });
  });

  it('by several at once runs each migration once', async () => {
    await holdSomething();
    const runs = await Promise.all(Array.from({ length: 4 }, () => appliedOf(schemaOf('a', 'b'))));
    expect(runs.flat()).toEqual(['a', 'b']);
    expect(ran).toEqual(['a', 'b']);
  });

  it('goes on where a migration failed, with what came before it kept', async () => {
    await holdSomething();
    const steps: string[] = [];
    const failing: Migration = {
      name: 'b',
      async up() {
        steps.push('half');
        if (steps.length === 1) throw new Error('The disk is full.');
      },
    };
    const schema: DatabaseSchema = { database: 'any', migrations: [...schemaOf('a').migrations, failing] };
    await expect(migrateUp(store, schema, never)).rejects.toThrow('The disk is full.');
    expect(await kept()).toMatchObject({ version: 1 });
    expect(await appliedOf(schema)).toEqual(['b']);
    expect(ran).toEqual(['a']);
  });

  it('notes nothing over a version that another has noted in the meantime', async () => {
    await holdSomething();
    const slow: Migration = {
      name: 'a',
      // Somebody who took the lease over has got further while this one slept.
      up: async () => void (await store.collection('schema_version').updateOne({}, { $set: { version: 2 } })),
    };
    const schema: DatabaseSchema = { database: 'any', migrations: [slow, ...schemaOf('b').migrations] };
    expect(await appliedOf(schema)).toEqual([]);
    expect(await kept()).toMatchObject({ version: 2, applied: [] });
  });

  it('ends when it is told to, while another migrates', async () => {
    await holdSomething();
    const held = Promise.withResolvers<void>();
    const waiting: Migration = { name: 'a', up: () => held.promise };
    const first = migrateUp(store, { database: 'any', migrations: [waiting] }, never);
    await eventually(async () => expect(await store.collection('leases').countDocuments()).toBe(1));
    const stop = new AbortController();
    const second = migrateUp(store, schemaOf('a'), stop.signal);
    stop.abort();
    await expect(second).rejects.toThrow('Stopped before this replica led.');
    held.resolve();
    expect(await first).toMatchObject({ status: 'current', applied: ['a'] });
  });

  it('breaks off within a migration when it is told to, and leaves the rest to the next run', async () => {
    await holdSomething();
    const begun = Promise.withResolvers<void>();
    const endless: Migration = {
      name: 'a',
      up() {
        begun.resolve();
        return new Promise(() => undefined);
      },
    };
    const stop = new AbortController();
    const migrated = migrateUp(store, { database: 'any', migrations: [endless] }, stop.signal);
    await begun.promise;
    stop.abort(new Error('Ctrl-C'));
    await expect(migrated).rejects.toThrow('Ctrl-C');
    expect(await kept()).toMatchObject({ version: 0, applied: [] });
    // The lease is given back, so that nobody has to wait for its end.
    expect(await store.collection('leases').findOne()).toMatchObject({ expires_at: new Date(0) });
    expect(await appliedOf(schemaOf('a'))).toEqual(['a']);
  });

  it('and the start of a service read the version of a database that holds one once', async () => {
    await requireSchema(store, schemaOf('a'));
    const reads = jest.spyOn(store, 'collection');
    await requireSchema(store, schemaOf('a'));
    expect(reads).toHaveBeenCalledTimes(1);
    expect(await appliedOf(schemaOf('a'))).toEqual([]);
    expect(reads).toHaveBeenCalledTimes(2);
  });
});
