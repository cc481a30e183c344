import { expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import type { OutgoingCommand } from '@kintsugi/messaging';
import { ManualRecoveriesInMemory } from '../records/manual-recoveries-in-memory.js';
import { CommandSender } from './command-sender.js';

test('a thousand tasks that are given up for long reasons are ordered in commands that each fit into a message', async () => {
  const sent: OutgoingCommand[] = [];
  const queue = { publish: (command: OutgoingCommand) => Promise.resolve(void sent.push(command)) };
  const sender = new CommandSender(queue, new ManualRecoveriesInMemory());
  const discardTasks = Array.from({ length: 1_000 }, (_, index) => ({
    task_id: `task_${index}`,
    attempt: 1,
    reason: '\u0001'.repeat(200),
  }));
  await sender.send({ deferTasks: [], discardTasks, retryTasks: [], requeueTasks: new Map() });
  for (const { data } of sent) expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(limits.messageBytes);
  expect(sent.flatMap(({ data }) => (data as { tasks: unknown[] }).tasks)).toEqual(discardTasks);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
});
