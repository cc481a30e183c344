// What a JSON body may be large, NATS has to carry in one message: a gateway that could not says so before it takes one.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
}, 30_000);

afterAll(async () => {
  await nats.stop();
  await folder.remove();
});

function open(settings: Record<string, string> = {}): Promise<Gateway> {
  const environment = { NATS_URL: nats.url, API_PORT: '0', AUTH: 'off', ...settings };
  return openGateway(readSettings(gatewaySettings, environment), pino({ level: 'silent' }));
}

describe('with a nats-server that takes 1 MiB, as it does by default', () => {
  it('the gateway does not open, and says what to set', async () => {
    const opened = open();
    await expect(opened).rejects.toThrow(SettingsError);
    await expect(opened).rejects.toThrow(/1048576 bytes at most.*8388608\.\nSet `max_payload: 8388608`.*BODY_LIMIT_BYTES/);
  });

  it('the gateway opens once its JSON bodies are to be no larger', async () => {
    const gateway = await open({ BODY_LIMIT_BYTES: String(limits.messageBytes) });
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
    await gateway.close();
  });
});
