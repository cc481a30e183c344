import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { natsServerSettings } from '@kintsugi/servers';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

let servers: TestServers;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(async () => {
  await servers?.stop();
});

describe('servers of a test', () => {
  test('keep a stream over a kill and a start', async () => {
    const before = await connect({ servers: servers.natsUrl });
    const manager = await jetstreamManager(before);
    await manager.streams.add({ name: 'KEPT', subjects: ['kept.>'] });
    await jetstream(before).publish('kept.one', 'still here');
    await before.close();
    await servers.nats.kill();
    expect(servers.nats.pid).toBeUndefined();
    await servers.nats.start();
    const after = await connect({ servers: servers.natsUrl });
    const message = await (await jetstreamManager(after)).streams.getMessage('KEPT', { seq: 1 });
    expect(message?.string()).toBe('still here');
    expect(after.info?.max_payload).toBe(natsServerSettings.max_payload);
    await after.close();
  });

  test('keep a document over a kill and a start, with transactions and change streams', async () => {
    const client = await new MongoClient(servers.mongoUrl, { writeConcern: { w: 'majority', journal: true } }).connect();
    const documents = client.db('kept').collection<{ _id: string }>('documents');
    await documents.insertOne({ _id: 'one' });
    const pid = servers.mongo.pid;
    await servers.mongo.kill();
    await servers.mongo.start();
    expect(servers.mongo.pid).not.toBe(pid);
    await eventually(async () => {
      expect(await documents.findOne({ _id: 'one' })).toEqual({ _id: 'one' });
    });
    await client.withSession((session) => session.withTransaction(() => documents.insertOne({ _id: 'two' }, { session })));
    const changes = documents.watch();
    const seen: unknown[] = [];
    changes.on('change', (change) => seen.push(change));
    await eventually(async () => {
      await documents.updateOne({ _id: 'ping' }, { $inc: { count: 1 } }, { upsert: true });
      expect(seen).not.toEqual([]);
    });
    await changes.close();
    await client.close();
  });
});
