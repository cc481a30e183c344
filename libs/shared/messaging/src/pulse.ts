import { Worker as Thread } from 'node:worker_threads';
import { guarded } from '@kintsugi/boundary';
import { natsAddressOf } from './nats-address.js';
import { signerOf, type NatsLogin } from './nats-login.js';
import { pulseThread, type PulseOrder } from './pulse-thread.js';

export interface PulseOptions {
  /** As `BusOptions` has them. */
  servers: string;
  name: string;
  login?: NatsLogin;
  /** What is published, and how often. */
  subject: string;
  body: string;
  everyMs: number;
  /** The thread has ended by itself: nothing is published any more. */
  onFault: (error: unknown) => void;
}

const defaultPort = 4222;

/**
 * Publishes one message at a steady pace from a thread of its own with a connection of its own: whatever blocks the
 * thread that asked for it cannot stop it. Gives the function that ends it.
 */
export function startPulse(options: PulseOptions): () => Promise<void> {
  const { login = {} } = options;
  const { servers, user = login.user, pass = login.password } = natsAddressOf(options.servers);
  const signer = signerOf(login);
  const who = { name: options.name, user, pass, auth_token: login.token, jwt: signer?.jwt, nkey: signer?.nkey };
  const order: PulseOrder = {
    places: servers.map(placeOf),
    greeting: { ...who, verbose: false, pedantic: false, lang: 'node', version: '1', protocol: 1 },
    ...(signer ? { privateKey: signer.privateKey } : {}),
    ...(login.tls ? { tls: login.tls } : {}),
    beat: `PUB ${options.subject} ${Buffer.byteLength(options.body)}\r\n${options.body}\r\n`,
    everyMs: options.everyMs,
  };
  const thread = new Thread(pulseThread, { eval: true, execArgv: [], workerData: order });
  let isOver = false;
  const end = (error: unknown): void => {
    if (isOver) return;
    isOver = true;
    options.onFault(error);
  };
  thread.on('error', guarded('pulse.thread', end));
  thread.on(
    'exit',
    guarded('pulse.thread', () => end(new Error('The thread has ended.'))),
  );
  thread.unref();
  return async () => {
    isOver = true;
    await thread.terminate();
  };
}

function placeOf(server: string): { host: string; port: number } {
  const { hostname, port } = new URL(server.includes('://') ? server : `nats://${server}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || defaultPort };
}
