import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  SmtpWorld,
  expectedDeliveries,
  generateRecipients,
  mistypedDomain,
  mistypedDomainRepair,
  taskOfRecipient,
} from '@kintsugi/newsletter';
import { TaskError } from '@kintsugi/worker-sdk';
import { createMailTransport, type MailTransport } from '../../../examples/newsletter/src/sending/smtp/mail-transport.js';
import { sendNewsletter } from '../../../examples/newsletter/src/sending/smtp/send-newsletter.js';
import { serveLedger } from '../../../examples/newsletter/src/smtp-world/http/ledger-endpoint.js';

const seed = 'whole list';
const from = 'News <news@example.com>';
const timeoutMs = 2_500;
const queues = 100;
const attemptsMax = 4;

interface Order {
  id: string;
  payload: object;
}

interface Dead {
  order: Order;
  error_type: string;
  message: string;
}

describe('a list of 2,000 recipients', () => {
  const recipients = [...generateRecipients(2_000, 'list')];
  let world: SmtpWorld;
  let transport: MailTransport;

  beforeAll(async () => {
    world = new SmtpWorld({ seed, port: 0 });
    transport = createMailTransport({ host: '127.0.0.1', port: await world.start(), connections: queues, timeoutMs });
  });

  afterAll(async () => {
    transport.close();
    await world.stop();
  });

  /** Sends each order until it is sent, out of attempts or refused for good; what remains is dead. */
  async function sendAll(orders: Order[]): Promise<Dead[]> {
    const send = sendNewsletter(transport, { from, timeoutMs });
    const waiting = [...orders];
    const dead: Dead[] = [];
    const queue = async (): Promise<void> => {
      for (let order = waiting.pop(); order !== undefined; order = waiting.pop()) {
        for (let attempt = 1; ; attempt += 1) {
          try {
            await send({ task: { payload: order.payload }, run_key: `job.${order.id}`, signal: new AbortController().signal });
            break;
          } catch (error) {
            if (!TaskError.is(error)) throw error;
            if (!error.details.error_type.startsWith('smtp.5') && attempt < attemptsMax) continue;
            dead.push({ order, error_type: error.details.error_type, message: error.message });
            break;
          }
        }
      }
    };
    await Promise.all(Array.from({ length: queues }, queue));
    return dead;
  }

  test('is delivered once to everyone who can get it; the rest waits in three groups; a repair heals the mistyped one', async () => {
    const expected = expectedDeliveries(recipients, seed);
    const dead = await sendAll(recipients.map(taskOfRecipient));
    expect(world.ledger()).toMatchObject({ delivered: expected, unique: expected, repeats: 0 });
    expect(dead.length).toBe(recipients.length - expected);
    const groups = new Set(dead.map(({ error_type, message }) => `${error_type} ${message.replace(/\S+@\S+/, '…')}`));
    expect(groups).toEqual(new Set(['smtp.550 User unknown: …', 'smtp.550 Domain not found: …', 'smtp.552 Mailbox full: …']));

    const mistyped = dead.filter(
      (one) => one.error_type === mistypedDomainRepair.error_type && one.message.includes(mistypedDomainRepair.title_contains),
    );
    const repaired = mistyped.map(({ order }) => ({
      ...order,
      payload: { ...order.payload, ...mistypedDomainRepair.custom_params },
    }));
    expect(await sendAll(repaired)).toEqual([]);
    const expectedInTheEnd = expectedDeliveries(recipients, seed, mistypedDomain);
    expect(expectedInTheEnd).toBe(expected + mistyped.length);
    expect(world.ledger()).toMatchObject({ delivered: expectedInTheEnd, unique: expectedInTheEnd, repeats: 0 });
  });

  test('leaves a ledger that is shown as JSON over HTTP, and nothing else is', async () => {
    const { server, port } = await serveLedger(0, () => world.ledger());
    const answer = await fetch(`http://127.0.0.1:${port}/ledger`);
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(world.ledger())));
    expect((await fetch(`http://127.0.0.1:${port}/ledger`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    server.close();
    server.closeAllConnections();
  });
});
