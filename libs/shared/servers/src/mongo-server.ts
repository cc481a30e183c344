import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { MongoClient, MongoServerError, type Db, type Document } from 'mongodb';
import { resolveBinary, type ServerBinary } from './resolve-binary.js';
import { ServerProcess } from './server-process.js';

export interface MongoServerOptions {
  port: number;
  /** Holds its data files. */
  folder: string;
  binary?: ServerBinary;
  logFile?: string;
  cacheGb?: number;
  readyTimeoutMs?: number;
}

const replicaSet = 'rs0';
const notYetInitialized = 94;
const probeTimeoutMs = 2_000;

/** A mongod on 127.0.0.1 that is a replica set of one, not started yet. */
export function createMongoServer(options: MongoServerOptions): ServerProcess {
  const folder = resolve(options.folder);
  const address = `127.0.0.1:${options.port}`;
  const url = `mongodb://${address}/?directConnection=true`;
  return new ServerProcess({
    name: 'mongod',
    binary: options.binary ?? resolveBinary('mongod'),
    args: argumentsOf(options, folder),
    url,
    port: options.port,
    folder,
    logFile: options.logFile ?? join(folder, 'mongod.log'),
    readyTimeoutMs: options.readyTimeoutMs ?? 60_000,
    prepare: () => mkdirSync(join(folder, 'data'), { recursive: true }),
    probe: (pid) => probe(url, options.port, address, pid),
  });
}

function argumentsOf(options: MongoServerOptions, folder: string): string[] {
  return [
    ...['--dbpath', join(folder, 'data')],
    ...['--port', String(options.port)],
    ...['--bind_ip', '127.0.0.1'],
    ...['--replSet', replicaSet],
    ...['--oplogSize', '1024'],
    ...['--wiredTigerCacheSizeGB', String(options.cacheGb ?? 0.25)],
    // Compression of messages has no use on loopback, and was a way to read a server's memory (CVE-2025-14847).
    ...['--networkMessageCompressors', 'disabled'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    '--nounixsocket',
    '--quiet',
  ];
}

/** One step toward a writable primary; throws until it is one. */
async function probe(url: string, port: number, address: string, pid: number): Promise<void> {
  // The driver waits half a second between attempts, so the port is watched first.
  await accepts(port);
  const client = new MongoClient(url, { serverSelectionTimeoutMS: probeTimeoutMs, connectTimeoutMS: probeTimeoutMs });
  try {
    const admin = client.db('admin');
    const status = await admin.command({ serverStatus: 1, metrics: 0, wiredTiger: 0, locks: 0, repl: 0 });
    if (Number(status['pid']) !== pid) throw new Error(`another server answers on port ${port}`);
    await formReplicaSet(admin, address);
    const deadline = Date.now() + probeTimeoutMs;
    while (!(await isPrimary(admin, address))) {
      if (Date.now() > deadline) throw new Error('it has not become primary yet');
    }
  } finally {
    await client.close();
  }
}

/** Initiates the set when it is new; moves its one member when the port has changed since. */
async function formReplicaSet(admin: Db, address: string): Promise<void> {
  try {
    const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: Document };
    const members = config['members'] as { host: string }[];
    if (members.length === 1 && members[0]?.host === address) return;
    const moved = { ...config, version: Number(config['version']) + 1, members: [{ ...members[0], host: address }] };
    await admin.command({ replSetReconfig: moved, force: true });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== notYetInitialized) throw error;
    await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host: address }] } });
  }
}

async function isPrimary(admin: Db, address: string): Promise<boolean> {
  const hello = await admin.command({ hello: 1 });
  return hello['isWritablePrimary'] === true && hello['me'] === address;
}

function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: probeTimeoutMs });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error('it does not answer')));
    socket.once('error', reject);
  });
}
