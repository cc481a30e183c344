// A flood of commands cuts nobody off: whatever comes faster than job-service reads goes over a connection of its own.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers } from '@kintsugi/testing';
import { startJobService } from './job-service-under-test.js';

const flooder = fileURLToPath(new URL('./programs/flood-commands.mjs', import.meta.url));
/** More, together, than the server keeps for a connection that does not read. */
const [count, bytes] = [20, 7 * 1024 ** 2];

it('while job-service reads nothing costs it no connection, and it answers as soon as it reads again', async () => {
  const servers = await startTestServers();
  const service = await startJobService(servers);
  try {
    const states: string[] = [];
    service.serviceBus.onState((state) => states.push(state));
    const told: unknown[] = [];
    service.bus.subscribe('_INBOX.told', (message) => told.push(message.json()));
    await eventually(() => {
      service.bus.publish('kin.cmd.createJob', '[', { reply: '_INBOX.told' });
      expect(told).toContainEqual(expect.objectContaining({ code: 'JSON_INVALID' }));
    });
    const deadLetters = service.store.collection('dead_letters');
    const before = await deadLetters.countDocuments({});
    // The service runs in this process, which stands still meanwhile.
    execFileSync(process.execPath, [flooder, new URL(servers.natsUrl).port, String(count), String(bytes)]);
    const asked = callAction(service.bus, 'createJob', {} as never, { timeoutMs: 60_000 });
    await expect(asked).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await eventually(async () => expect(await deadLetters.countDocuments({})).toBeGreaterThanOrEqual(before + count));
    expect(states).toEqual([]);
  } finally {
    await service.stop();
    await servers.stop();
  }
});
