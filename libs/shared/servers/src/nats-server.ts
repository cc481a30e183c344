import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { resolveBinary, type ServerBinary } from './resolve-binary.js';
import { ServerProcess } from './server-process.js';

export interface NatsServerOptions {
  port: number;
  /** Holds its configuration and JetStream's files. */
  folder: string;
  binary?: ServerBinary;
  logFile?: string;
  /** Clients must give it. The URL doesn't hold it. */
  token?: string;
  /** Clients must give both. The URL doesn't hold them. */
  login?: { user: string; password: string };
  /** Where it answers /healthz on 127.0.0.1: the only sign of a server that lives on after its JetStream has failed. */
  monitorPort?: number;
  /** Before each path there, and there is nothing without it: the monitor asks nobody who he is. */
  monitorPath?: string;
  /** Most that JetStream may keep on disk. */
  fileStoreBytesMax?: number;
  /** Bytes of the largest message that it takes. */
  payloadBytesMax?: number;
  readyTimeoutMs?: number;
}

const probeTimeoutMs = 1_000;

/** What any nats-server of the platform is told, unless it is asked for something else. A JSON body travels in one message. */
export const natsServerSettings = { max_payload: 8 * 1024 ** 2, max_file_store: 10 * 1024 ** 3 } as const;

/** A nats-server with JetStream on 127.0.0.1, not started yet. */
export function createNatsServer(options: NatsServerOptions): ServerProcess {
  const folder = resolve(options.folder);
  const configuration = join(folder, 'nats-server.conf');
  // A name of this start's own tells our server from another one that answers on the port.
  const name = `kintsugi-${randomUUID()}`;
  return new ServerProcess({
    name: 'nats-server',
    binary: options.binary ?? resolveBinary('nats-server'),
    args: ['-c', configuration],
    url: `nats://127.0.0.1:${options.port}`,
    port: options.port,
    folder,
    logFile: options.logFile ?? join(folder, 'nats-server.log'),
    readyTimeoutMs: options.readyTimeoutMs ?? 30_000,
    prepare: () => writeConfiguration(configuration, configurationText(name, folder, options)),
    probe: () => probe(options.port, name),
    ping: () => probe(options.port, name),
  });
}

/** What stands there already is left: a disk that is full holds it, and takes no new one. */
function writeConfiguration(path: string, text: string): void {
  if (textOf(path) !== text) writeFileSync(path, text, { mode: 0o600 });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function configurationText(name: string, folder: string, options: NatsServerOptions): string {
  const quoted = (text: string): string => JSON.stringify(text);
  const lines = [
    `server_name: ${quoted(name)}`,
    `listen: "127.0.0.1:${options.port}"`,
    ...(options.monitorPort ? [`http: "127.0.0.1:${options.monitorPort}"`] : []),
    ...(options.monitorPath ? [`http_base_path: ${quoted(options.monitorPath)}`] : []),
    `max_payload: ${options.payloadBytesMax ?? natsServerSettings.max_payload}`,
    'jetstream {',
    `  store_dir: ${quoted(join(folder, 'jetstream'))}`,
    `  max_file_store: ${options.fileStoreBytesMax ?? natsServerSettings.max_file_store}`,
    '}',
    ...(options.login
      ? [`authorization { user: ${quoted(options.login.user)}, password: ${quoted(options.login.password)} }`]
      : []),
    ...(options.token ? [`authorization { token: ${quoted(options.token)} }`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** A NATS server speaks first: one line with its name and what it can do. */
function probe(port: number, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let greeting = '';
    const socket = connect({ port, host: '127.0.0.1', timeout: probeTimeoutMs });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Error(reason));
    };
    socket.once('timeout', () => fail('it does not answer'));
    socket.once('error', (error) => fail(error.message));
    socket.once('close', () => fail('it closed the connection'));
    socket.on('data', (data) => {
      greeting += data.toString('utf8');
      if (!greeting.includes('\n')) return;
      if (!greeting.includes(`"server_name":"${name}"`)) return fail(`another server answers on port ${port}`);
      if (!greeting.includes('"jetstream":true')) return fail('JetStream is not ready');
      socket.removeAllListeners('close');
      socket.destroy();
      resolve();
    });
  });
}
