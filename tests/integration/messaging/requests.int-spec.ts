import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

let servers: TestServers;
let bus: Bus;
let other: Bus;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(() => servers.stop());

beforeEach(async () => {
  [bus, other] = (await Promise.all(['asks', 'answers'].map((name) => Bus.connect({ servers: servers.natsUrl, name })))) as [
    Bus,
    Bus,
  ];
});

afterEach(async () => {
  await Promise.all([bus.close(), other.close()]);
});

function echo(): Promise<void> {
  other.subscribe('test.echo', (message) => void message.respond(message.data));
  return other.connection.flush();
}

describe('a request', () => {
  it('larger than the server takes is refused as too large, and not as a service that is away', async () => {
    const tasks = Array.from({ length: 90 }, () => ({ payload: 'x'.repeat(100_000) }));
    const asked = callAction(bus, 'createJob', { product_id: 'p', sending_group_id: 'g', tasks });
    await expect(asked).rejects.toMatchObject({
      code: 'BODY_TOO_LARGE',
      extras: { errors: [{ path: 'data', rule: 'TOO_LONG', allowed: `at most ${limits.bodyBytes} bytes` }] },
    });
  });

  it('gets the reply that is its own, among thousands under way', async () => {
    await echo();
    const bodies = Array.from({ length: 5_000 }, (_, index) => `request ${index}`);
    const replies = await Promise.all(bodies.map((body) => bus.ask('test.echo', body, { timeoutMs: 60_000 })));
    expect(replies.map((reply) => reply.string())).toEqual(bodies);
  });

  it('is refused at once when nobody listens', async () => {
    await expect(bus.ask('test.nobody', '', { timeoutMs: 60_000 })).rejects.toMatchObject({ name: 'NoResponders' });
    expect(await bus.hasListener('test.nobody', 1_000)).toBe(false);
  });

  it('is given up when nobody replies in time, and a late reply harms nobody', async () => {
    const late: (() => void)[] = [];
    other.subscribe('test.late', (message) => late.push(() => message.respond('late')));
    await echo();
    await expect(bus.ask('test.late', '', { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
    for (const respond of late) respond();
    expect((await bus.ask('test.echo', 'next', { timeoutMs: 60_000 })).string()).toBe('next');
  });

  it('is answered again after the broker was killed and came back', async () => {
    await echo();
    await servers.nats.kill();
    await servers.nats.start();
    await eventually(async () => {
      expect((await bus.ask('test.echo', 'back', { timeoutMs: 500 })).string()).toBe('back');
    });
  });

  it('is given up once nobody is left who could answer it, and not while somebody is', async () => {
    for (const subject of ['test.one', 'test.two']) other.subscribe(subject, () => undefined);
    const here = other.subscribe('test.here', (message) => message.respond('one'));
    await other.connection.flush();
    const told: string[] = [];
    for (const subject of ['test.one', 'test.two']) {
      bus.ask(subject, '', { timeoutMs: 60_000, presence: 'test.here' }).catch((error: Error) => told.push(error.name));
    }
    const probes: string[] = [];
    const watching = await Bus.connect({ servers: servers.natsUrl, name: 'watches' });
    const watch = watching.subscribe('test.here', () => probes.push('probe'));
    await eventually(() => expect(probes.length).toBeGreaterThan(2));
    expect(told).toEqual([]);
    watch.unsubscribe();
    await watching.close();
    here.unsubscribe();
    await eventually(() => expect(told).toEqual(['ResponderGoneError', 'ResponderGoneError']));
  });

  it('is given up when the connection broke under it, though whoever was asked is there again', async () => {
    const reached = Promise.withResolvers<void>();
    other.subscribe('test.silent', () => reached.resolve());
    other.subscribe('test.here', (message) => message.respond('the same'));
    await echo();
    const asked = bus.ask('test.silent', '', { timeoutMs: 3_600_000, presence: 'test.here' });
    const isGivenUp = expect(asked).rejects.toMatchObject({ name: 'ResponderGoneError' });
    await reached.promise;
    await servers.nats.kill();
    await servers.nats.start();
    await isGivenUp;
  });

  it('asks nobody whether they are there once all is answered', async () => {
    const probes: string[] = [];
    let answer: () => void = () => undefined;
    other.subscribe('test.here', () => probes.push('probe'));
    other.subscribe('test.slow', (message) => {
      answer = () => void message.respond('done');
    });
    await other.connection.flush();
    const asked = bus.ask('test.slow', '', { timeoutMs: 60_000, presence: 'test.here' });
    await eventually(() => expect(probes.length).toBeGreaterThan(1));
    answer();
    await asked;
    await echo();
    const { length } = probes;
    for (let round = 0; round < 3; round += 1) {
      await expect(bus.ask('test.echo', 'x', { timeoutMs: 60_000 })).resolves.toBeDefined();
      await expect(bus.ask('test.slow', '', { timeoutMs: 150 })).rejects.toMatchObject({ name: 'TimeoutError' });
    }
    expect(probes.length).toBeLessThanOrEqual(length + 1);
  });

  it('is given up when the connection is closed', async () => {
    other.subscribe('test.silent', () => undefined);
    await other.connection.flush();
    const asked = bus.ask('test.silent', '', { timeoutMs: 60_000 });
    await bus.close();
    await expect(asked).rejects.toThrow();
  });
});
