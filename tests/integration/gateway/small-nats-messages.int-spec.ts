// However large a body may be, NATS has to carry no more than the messages between services: a gateway that could not send those says so at once.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { SettingsError, type Service } from '@kintsugi/hosting';
import { createNatsServer, freePort, type ServerProcess } from '@kintsugi/servers';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import type { gatewaySettings } from '../../../apps/gateway/src/gateway.config.js';
import { gateway as definition } from '../../../apps/gateway/src/gateway.js';
import { startService } from '../service-under-test.js';

let folder: TemporaryFolder;
let nats: ServerProcess;

beforeAll(async () => {
  folder = createTemporaryFolder();
  nats = createNatsServer({ port: await freePort(), folder: folder.path, payloadBytesMax: limits.messageBytes });
  await nats.start();
});

afterAll(async () => {
  await nats.stop();
  await folder.remove();
});

async function open(natsUrl = nats.url): Promise<Service<typeof gatewaySettings>> {
  const { service } = await startService(definition, { natsUrl, mongoUrl: '' }, { API_PORT: '0', AUTH: 'off' });
  return service;
}

it('with a nats-server that takes 1 MiB, as it does by default, the gateway opens', async () => {
  const gateway = await open();
  expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
  await gateway.close();
});

it('with one that takes less it does not open, and says what to set', async () => {
  const small = createNatsServer({ port: await freePort(), folder: `${folder.path}/small`, payloadBytesMax: 500_000 });
  await small.start();
  const opened = open(small.url);
  await expect(opened).rejects.toThrow(SettingsError);
  await expect(opened).rejects.toThrow(/500000 bytes at most.*1048576\.\nSet `max_payload: 1048576`/);
  await small.stop();
});
