// Nothing that is thrown at a message keeps a connection from hearing the next one.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Bus } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

let servers: TestServers;
let bus: Bus;

beforeAll(async () => {
  servers = await startTestServers();
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'under test' });
});

afterAll(async () => {
  await bus?.close();
  await servers?.stop();
});

function broken(): never {
  throw new Error('nobody expected this');
}

test.each<[string, (subject: string) => unknown]>([
  ['by a listener of ours', (subject) => bus.subscribe(subject, broken)],
  ['by a listener that rejects', (subject) => bus.subscribe(subject, async () => broken())],
  ['by a part of the client library', (subject) => bus.connection.subscribe(subject, { callback: broken })],
])('%s', async (by, listen) => {
  const subject = `broken.${by.length}`;
  const heard: string[] = [];
  listen(subject);
  bus.subscribe('sound', (message) => heard.push(message.string()));
  bus.publish(subject, 'first');
  bus.publish('sound', by);
  await eventually(() => expect(heard).toEqual([by]));
});
