import { expect, test } from '@jest/globals';
import { limits, type WorkerControl } from '@kintsugi/contracts';
import type { Bus } from '@kintsugi/messaging';
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
