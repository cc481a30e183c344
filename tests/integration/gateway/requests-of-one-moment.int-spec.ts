import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ProblemError, subjects } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, minimalJob } from './gateway-under-test.js';

let under: GatewayUnderTest;
let messages = 0;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
  under.answer('createJob', ({ product_id }) => {
    if (product_id === 'refused') throw new ProblemError('OVERLOADED', 'Too much of it.');
    return { job_id: `job_of_${product_id}`, status: 'pending', total_tasks: 1, replayed: false };
  });
  under.bus.connection.subscribe(subjects.request('job', 'createJob'), { callback: () => void (messages += 1) });
  await under.settled();
});

afterAll(() => under.stop());

function requestFor(product: string, path = '/job-operations'): string {
  const body = JSON.stringify({ action: 'createJob', data: { ...minimalJob, product_id: product, tasks: [{ payload: 1 }] } });
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    `authorization: Bearer ${under.keys.operator}`,
    `x-request-id: id-of-${product}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** What comes back to bytes that are sent at once, until so many answers are there. */
async function answersTo(bytes: string, count: number): Promise<string[]> {
  const socket = connect(under.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  socket.write(bytes);
  try {
    const answers = () => text.split('HTTP/1.1 ').slice(1);
    await eventually(() => expect(answers().filter((answer) => answer.endsWith('}'))).toHaveLength(count));
    return answers();
  } finally {
    socket.destroy();
  }
}

it('reach job-service as one message, and each gets its own answer in its turn', async () => {
  const products = Array.from({ length: 20 }, (_, index) => (index === 7 ? 'refused' : `p${index}`));
  const answers = await answersTo(products.map((product) => requestFor(product)).join(''), products.length);
  expect(answers.map((answer) => answer.slice(0, 3))).toEqual(products.map((name) => (name === 'refused' ? '503' : '201')));
  answers.forEach((answer, index) => {
    const product = products[index] as string;
    expect(answer).toContain(`x-request-id: id-of-${product}`);
    expect(answer).toContain(product === 'refused' ? 'OVERLOADED' : `location: /v1/jobs/job_of_${product}`);
  });
  expect(messages).toBeLessThan(products.length);
  expect(under.asked.map(({ requestId, actor }) => [requestId, actor.key])).toEqual(
    products.map((product) => [`id-of-${product}`, 'test-operator']),
  );
});

it('are answered alike however the path is spelled', async () => {
  const spellings = ['/job-operations', '/job-operations?x=1', '/job%2Doperations'];
  const answers = await answersTo(spellings.map((path) => requestFor('spelled', path)).join(''), spellings.length);
  const headOf = (answer: string) =>
    answer
      .split('\r\n\r\n')[0]
      ?.split('\r\n')
      .filter((line) => !line.startsWith('Date:'))
      .sort();
  expect(headOf(answers[0] as string)).toContain('location: /v1/jobs/job_of_spelled');
  expect(answers.map(headOf)).toEqual(spellings.map(() => headOf(answers[0] as string)));
});
