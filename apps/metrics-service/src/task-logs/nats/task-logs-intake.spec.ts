import { expect, test } from '@jest/globals';
import { logBatchSchema } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import type { Bus, Msg } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import type { Delivery, TakeLogBatches } from '../commands/take-log-batches.js';
import { partOf, runOf } from '../log-lines-of.js';
import { TaskLogsIntake } from './task-logs-intake.js';

const log = '01890a5d-ac96-774b-bcce-b302099a8057';

async function intake() {
  const taken: Delivery[] = [];
  let hear: (message: Msg) => void = () => undefined;
  const own = { subscribe: (_: string, listener: typeof hear) => void (hear = listener), flush: () => Promise.resolve() };
  const bus = { beside: () => Promise.resolve(own) } as unknown as Bus;
  const taking = { take: (delivery: Delivery) => void taken.push(delivery) } as unknown as TakeLogBatches;
  await new TaskLogsIntake(bus, taking, new Metrics('test'), new Faults(() => undefined, 'test')).onApplicationBootstrap();
  return { taken, hear: (message: Msg) => hear(message) };
}

function message() {
  const { part, body } = partOf(log, [runOf('0.0', 1, Array<string>(100).fill('a line'))]);
  const head = logBatchSchema.parse({ v: 1, worker_id: 'w', sequence: 1, again: false, dropped: 0, parts: [part] });
  const data = Uint8Array.from(Buffer.from(`${JSON.stringify(head)}\n${body}`));
  const answers: string[] = [];
  const reply = '_INBOX.w.logs.1';
  return { message: { data, reply, respond: (text: string) => answers.push(text) } as unknown as Msg, body, answers };
}

test('the memory of lines is given back once they are stored, and stays while they may be', async () => {
  const { taken, hear } = await intake();
  const { message: came, body, answers } = message();
  hear(came);
  const [delivery] = taken;
  expect(delivery?.lines.toString()).toBe(body);
  delivery?.fail(new Error('away'));
  expect(delivery?.lines.toString()).toBe(body);
  delivery?.answer({ taken: true });
  expect(answers).toEqual(['{"taken":true}']);
  expect(came.data).toHaveLength(0);
});
