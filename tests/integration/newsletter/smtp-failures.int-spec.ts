import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SmtpWorld } from '@kintsugi/newsletter';
import { TaskError } from '@kintsugi/worker-sdk';
import { createMailTransport, type MailTransport } from '../../../examples/newsletter/src/sending/smtp/mail-transport.js';
import { sendNewsletter, type SendResult } from '../../../examples/newsletter/src/sending/smtp/send-newsletter.js';
import { temperament, type Temperament } from '../../../examples/newsletter/src/smtp-world/domain/temperament.js';

const seed = 'failures';
const timeoutMs = 1_000;
/** For what is written in many parts, whatever the machine has to do beside. */
const longMs = 30_000;

/** The nth address of a temperament, by a further trait if need be. */
function addressOf(kind: Temperament['kind'], trait: (of: Temperament) => boolean = () => true): string {
  for (let number = 0; number < 100_000; number += 1) {
    const address = `person${number}@example.org`;
    const of = temperament(seed, address);
    if (of.kind === kind && trait(of)) return address;
  }
  throw new Error(`No address is ${kind}.`);
}

let transports: MailTransport[] = [];

function transportTo(port: number, connections: number, ms: number): MailTransport {
  const transport = createMailTransport({ host: '127.0.0.1', port, connections, timeoutMs: ms });
  transports.push(transport);
  return transport;
}

/** An attempt by the real handler over a pool of its own size. */
function sender(port: number, connections = 4) {
  const transport = transportTo(port, connections, timeoutMs);
  const send = sendNewsletter(transport, { from: 'News <news@example.com>', timeoutMs });
  return (payload: object, runKey: string, signal = new AbortController().signal): Promise<SendResult> =>
    send({ task: { payload }, run_key: runKey, signal });
}

/** What the worker would report of an attempt that fails; an error whose kind is not told is given back as it is. */
async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => Promise.reject(new Error('The attempt succeeded.')),
    (error: unknown) => (TaskError.is(error) ? { message: error.message, ...error.details } : error),
  );
}

afterEach(() => {
  for (const transport of transports) transport.close();
  transports = [];
});

describe('what the world does, as the handler tells it', () => {
  let world: SmtpWorld;
  let port: number;
  let send: ReturnType<typeof sender>;

  beforeEach(async () => {
    world = new SmtpWorld({ seed, port: 0 });
    port = await world.start();
    send = sender(port);
  });

  afterEach(() => world.stop());

  test('a prompt and a slow address take the message, and the result names it', async () => {
    const result = await send({ to: addressOf('prompt'), name: 'Zoë, PhD', language: 'ja' }, 'job.1');
    expect(result).toEqual({ message_id: '<job=2e1@example.com>', reply: '250 2.0.0 Ok: delivered' });
    await send({ to: addressOf('slow') }, 'job.2');
    expect(world.ledger()).toMatchObject({ delivered: 2, unique: 2, repeats: 0, refused: {} });
  });

  test('greylisting is smtp.451 as often as the address says, then delivered', async () => {
    const to = addressOf('greylisting', (of) => of.kind === 'greylisting' && of.tries === 2);
    for (const refused of [1, 2]) {
      expect(await failureOf(send({ to }, 'job.1'))).toMatchObject({ error_type: 'smtp.451' });
      expect(world.ledger()).toMatchObject({ delivered: 0, refused: { 451: refused } });
    }
    await send({ to }, 'job.1');
    expect(world.ledger().delivered).toBe(1);
  });

  test('a busy server is smtp.421 with the pause it asks for, also on a connection that was used before', async () => {
    await send({ to: addressOf('prompt') }, 'job.1');
    const to = addressOf('busy', (of) => of.kind === 'busy' && of.pauseSeconds === 2);
    const error = await failureOf(send({ to }, 'job.2'));
    expect(error).toMatchObject({ error_type: 'smtp.421', retry_after_ms: 2_000 });
    await send({ to }, 'job.2');
    expect(world.ledger()).toMatchObject({ delivered: 2, refused: { 421: 1 } });
  });

  test('a connection reset after the message is net.reset, and nothing was delivered', async () => {
    const to = addressOf('resetting');
    expect(await failureOf(send({ to }, 'job.1'))).toMatchObject({ error_type: 'net.reset' });
    expect(world.ledger()).toMatchObject({ delivered: 0, resets: 1 });
    await send({ to }, 'job.1');
    expect(world.ledger()).toMatchObject({ delivered: 1, resets: 1 });
  });

  test('silence is net.timeout, and nothing was delivered', async () => {
    const to = addressOf('silent');
    expect(await failureOf(send({ to }, 'job.1'))).toMatchObject({ error_type: 'net.timeout' });
    expect(world.ledger()).toMatchObject({ delivered: 0, unanswered: 1 });
    await send({ to }, 'job.1');
    expect(world.ledger()).toMatchObject({ delivered: 1, unanswered: 1 });
  });

  test.each([
    ['unknown user', 'smtp.550', 'User unknown'],
    ['mailbox full', 'smtp.552', 'Mailbox full'],
  ] as const)('%s is %s', async (kind, errorType, text) => {
    const error = await failureOf(send({ to: addressOf(kind) }, 'job.1'));
    expect(error).toMatchObject({ error_type: errorType, message: expect.stringContaining(text) });
  });

  test('a mistyped domain is smtp.550 Domain not found, and heals with the right one laid over', async () => {
    const payload = { to: 'anna@mail.example.con', name: 'Anna', language: 'en' };
    expect(await failureOf(send(payload, 'job.1'))).toMatchObject({
      error_type: 'smtp.550',
      message: expect.stringContaining('Domain not found'),
    });
    await send({ ...payload, domain: 'mail.example.com' }, 'job.1');
    expect(world.ledger()).toMatchObject({ delivered: 1, unique: 1 });
  });

  test('a RUN_KEY that was delivered is accepted again, and known and counted as a repeat', async () => {
    const to = addressOf('prompt');
    await send({ to }, 'job.1');
    await Promise.all([send({ to }, 'job.1'), send({ to }, 'job.1')]);
    await send({ to }, 'job.2');
    expect(world.ledger()).toMatchObject({ delivered: 4, unique: 1, repeats: 2 });
  });

  test('a refused recipient leaves the connection fit for the next message', async () => {
    await failureOf(send({ to: addressOf('unknown user') }, 'job.1'));
    await send({ to: addressOf('prompt') }, 'job.2');
    expect(world.ledger()).toMatchObject({ delivered: 1, refused: { 550: 1 } });
  });

  test('a message that is too big is refused and not written', async () => {
    const attempt = transportTo(port, 1, longMs).sendMail({
      ...{ from: 'news@example.com', to: addressOf('prompt') },
      text: 'x'.repeat(1_200_000),
    });
    expect(await failureOf(attempt)).toMatchObject({ responseCode: 552 });
    expect(world.ledger()).toMatchObject({ delivered: 0, refused: { 552: 1 } });
  });

  test('an abort ends the attempt at once with its reason', async () => {
    const abort = new AbortController();
    const reason = new Error('The job was cancelled.');
    const attempt = failureOf(send({ to: addressOf('silent') }, 'job.1', abort.signal));
    abort.abort(reason);
    expect(await attempt).toBe(reason);
    expect(world.ledger().delivered).toBe(0);
  });

  test('a payload without an address fails for good before anything is sent', async () => {
    expect(await failureOf(send({ name: 'Anna' }, 'job.1'))).toMatchObject({
      error_type: 'payload.invalid',
      non_retryable: true,
    });
  });

  test('a port that is taken is told by start()', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const other = new SmtpWorld({ seed, port: (holder.address() as AddressInfo).port });
    await expect(other.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    holder.close();
  });
});

describe('what other servers do, as the handler tells it', () => {
  let server: Server | undefined;

  /** A server that greets each connection with a line, or hangs up when there is none. */
  async function greeter(line: string | undefined): Promise<number> {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (line === undefined) socket.destroy();
      else socket.end(line);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  afterEach(() => {
    server?.close();
  });

  test('a refused connection is net.refused', async () => {
    const port = await greeter('');
    server?.close();
    if (server) await once(server, 'close');
    expect(await failureOf(sender(port)({ to: 'anna@example.org' }, 'job.1'))).toMatchObject({ error_type: 'net.refused' });
  });

  test('a server that hangs up before it greets is net.reset', async () => {
    const send = sender(await greeter(undefined));
    expect(await failureOf(send({ to: 'anna@example.org' }, 'job.1'))).toMatchObject({ error_type: 'net.reset' });
  });

  test('a server that greets with 421 is smtp.421, with its pause', async () => {
    const send = sender(await greeter('421 4.3.2 Too many connections, wait 3s\r\n'));
    expect(await failureOf(send({ to: 'anna@example.org' }, 'job.1'))).toMatchObject({
      error_type: 'smtp.421',
      retry_after_ms: 3_000,
    });
  });

  test('a server that greets with 554 is smtp.554', async () => {
    const send = sender(await greeter('554 5.7.1 No service for you\r\n'));
    expect(await failureOf(send({ to: 'anna@example.org' }, 'job.1'))).toMatchObject({
      error_type: 'smtp.554',
    });
  });
});
