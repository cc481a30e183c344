// However large a body may be, NATS has to carry no more than the messages between services: a gateway that could not send those says so at once.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { limits } from '@kintsugi/contracts';
import { readSettings, SettingsError } from '@kintsugi/hosting';
import { createNatsServer, freePort, type ServerProcess } from '@kintsugi/servers';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { gatewaySettings } from '../../../apps/gateway/src/gateway.config.js';
import { openGateway, type Gateway } from '../../../apps/gateway/src/open-gateway.js';

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

function open(settings: Record<string, string> = {}): Promise<Gateway> {
  const environment = { NATS_URL: nats.url, API_PORT: '0', OPS_PORT: '0', AUTH: 'off', ...settings };
  return openGateway(readSettings(gatewaySettings, environment), pino({ level: 'silent' }));
}

it('with a nats-server that takes 1 MiB, as it does by default, the gateway opens', async () => {
  const gateway = await open();
  expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
  await gateway.close();
});

it('with one that takes less it does not open, and says what to set', async () => {
  const small = createNatsServer({ port: await freePort(), folder: `${folder.path}/small`, payloadBytesMax: 500_000 });
  await small.start();
  const opened = open({ NATS_URL: small.url });
  await expect(opened).rejects.toThrow(SettingsError);
  await expect(opened).rejects.toThrow(/500000 bytes at most.*1048576\.\nSet `max_payload: 1048576`/);
  await small.stop();
});
