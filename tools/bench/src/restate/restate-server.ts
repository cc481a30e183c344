import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@kintsugi/servers';
import { workerConcurrency } from '../measurements/contender.js';
import type { PeerProgram } from '../peers/peer-program.js';
import { ServerUnderTest } from '../peers/server-under-test.js';
import type { Address } from '../system/system-under-test.js';

export interface RestateServer {
  server: ServerUnderTest;
  address: Address;
}

/** A restate-server on loopback that tells nobody about itself; its log is synced to disk, as it comes. */
export async function startRestateServer(program: PeerProgram, folder: string): Promise<RestateServer> {
  const data = join(folder, 'restate');
  mkdirSync(data, { recursive: true });
  const [ingressPort, adminPort, nodePort] = [await freePort(), await freePort(), await freePort()];
  const address = { ingress: `http://127.0.0.1:${ingressPort}`, admin: `http://127.0.0.1:${adminPort}` };
  const server = await ServerUnderTest.start({
    name: 'restate-server',
    command: program.path,
    args: ['--no-logo', '--node-name', 'bench', '--base-dir', data, '--bind-address', `127.0.0.1:${nodePort}`],
    environment: {
      ...program.environment,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingressPort}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${adminPort}`,
      RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT: String(workerConcurrency),
      RESTATE_DISABLE_TELEMETRY: 'true',
    },
    folder: data,
    port: ingressPort,
    stopSignal: 'SIGTERM',
    probe: () => Promise.all([`${address.ingress}/restate/health`, `${address.admin}/health`].map(expectHealthy)),
  });
  return { server, address };
}

async function expectHealthy(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
}
