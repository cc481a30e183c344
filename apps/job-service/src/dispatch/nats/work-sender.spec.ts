import { expect, test } from '@jest/globals';
import { encodeWork, limits, type WorkerControl } from '@kintsugi/contracts';
import type { Bus } from '@kintsugi/messaging';
// eslint-disable-next-line no-restricted-imports -- what a connection throws where a message is more than the server takes
import { InvalidArgumentError } from '@nats-io/nats-core';
import { chunkOf } from '../../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../../tasks/domain/lease-tasks.js';
import { WorkSender } from './work-sender.js';

test('a worker that held more leases than one message can name is told of each that has passed on', () => {
  const sent: string[] = [];
  const bus: Pick<Bus, 'publish'> = { publish: (_, body) => void sent.push(String(body)) };
  const sender = new WorkSender(bus as Bus);
  const leases = Array.from({ length: 30_000 }, (_, fence): [string, number] => [
    '01890a5d-ac96-774b-bcce-b302099a8057.1234567',
    fence,
  ]);
  sender.control('w', { kind: 'revoke', leases });
  for (const text of sent) expect(text.length).toBeLessThan(limits.messageBytes);
  const told = sent.map((text) => JSON.parse(text) as WorkerControl);
  expect(told.flatMap((control) => (control.kind === 'revoke' ? control.leases : []))).toEqual(leases);
});

test('tasks that would be too large for a message with their traces go without', () => {
  const slice = leaseTasks(chunkOf(1), [0], 'w', 0);
  const largest = encodeWork(slice.header, slice.lines).length;
  const sent: string[] = [];
  const publish: Bus['publish'] = (_, body) => {
    if (String(body).length > largest) throw new InvalidArgumentError("'payload' max_payload size exceeded");
    sent.push(String(body));
  };
  const sender = new WorkSender({ publish } as Bus);
  const traced = { ...slice, header: { ...slice.header, traceparents: { 0: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } } };
  expect(sender.send('w', traced)).toBe(true);
  expect(sent).toEqual([encodeWork(slice.header, slice.lines)]);
  expect(sender.send('w', { ...slice, lines: ['x'.repeat(largest)] })).toBe(false);
});
