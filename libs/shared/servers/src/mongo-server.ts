import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { MongoClient, MongoServerError, type Db, type Document, type MongoClientOptions } from 'mongodb';
import { MongoLine } from './mongo-line.js';
import { resolveBinary, type ServerBinary } from './resolve-binary.js';
import { ServerProcess } from './server-process.js';

export interface MongoServerOptions {
  port: number;
  /** Holds its data files. */
  folder: string;
  binary?: ServerBinary;
  logFile?: string;
  cacheGb?: number;
  /** Who may come in; everybody when left out. The URL doesn't hold it. */
  access?: MongoAccess;
  readyTimeoutMs?: number;
}

export interface MongoAccess {
  user: string;
  password: string;
  /** What the members of the replica set know, and so whoever may make users. */
  key: string;
}

const replicaSet = 'rs0';
const notYetInitialized = 94;
const authenticationFailed = 18;
/** What the services need: their databases with the indexes of these, and to see how the replica set is. */
const rolesOfUser = ['readWriteAnyDatabase', 'dbAdminAnyDatabase', 'clusterMonitor'];
const probeTimeoutMs = 2_000;

/** A mongod on 127.0.0.1 that is a replica set of one, not started yet. */
export function createMongoServer(options: MongoServerOptions): ServerProcess {
  const folder = resolve(options.folder);
  const address = `127.0.0.1:${options.port}`;
  const url = `mongodb://${address}/?directConnection=true`;
  const line = new MongoLine(options.port, probeTimeoutMs);
  return new ServerProcess({
    name: 'mongod',
    binary: options.binary ?? resolveBinary('mongod'),
    args: argumentsOf(options, folder),
    url,
    port: options.port,
    folder,
    logFile: options.logFile ?? join(folder, 'mongod.log'),
    readyTimeoutMs: options.readyTimeoutMs ?? 60_000,
    prepare: () => {
      mkdirSync(join(folder, 'data'), { recursive: true });
      keepKeyFile(keyFileIn(folder), options.access?.key);
    },
    probe: (pid) => probe(url, options, address, pid),
    ping: () => line.ask(),
  });
}

function keyFileIn(folder: string): string {
  return join(folder, 'key');
}

/** mongod takes no key that others can read. One that stands there already is left: a full disk takes no new one. */
function keepKeyFile(path: string, key: string | undefined): void {
  if (key === undefined) return rmSync(path, { force: true });
  if (textOf(path) !== key) writeFileSync(path, key, { mode: 0o600 });
  chmodSync(path, 0o600);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
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
    // Whoever writes for good has the journal flushed at once; this is what happens by itself, ten times a second by default.
    ...['--journalCommitInterval', '500'],
    '--nounixsocket',
    '--quiet',
    // Whoever is on this machine could make himself a user as long as there is none.
    ...(options.access ? ['--keyFile', keyFileIn(folder), '--setParameter', 'enableLocalhostAuthBypass=false'] : []),
  ];
}

/** One step toward a writable primary; throws until it is one. */
async function probe(url: string, { port, access }: MongoServerOptions, address: string, pid: number): Promise<void> {
  // The driver waits half a second between attempts, so the port is watched first.
  await accepts(port);
  const timeouts = { serverSelectionTimeoutMS: probeTimeoutMs, connectTimeoutMS: probeTimeoutMs };
  const client = new MongoClient(url, { ...timeouts, ...(access && asMember(access)) });
  try {
    const admin = client.db('admin');
    const status = await admin.command({ serverStatus: 1, metrics: 0, wiredTiger: 0, locks: 0, repl: 0 });
    if (Number(status['pid']) !== pid) throw new Error(`another server answers on port ${port}`);
    await formReplicaSet(admin, address);
    const deadline = Date.now() + probeTimeoutMs;
    while (!(await isPrimary(admin, address))) {
      if (Date.now() > deadline) throw new Error('it has not become primary yet');
    }
    if (access && !(await mayEnter(url, { ...timeouts, ...asUser(access) }))) await admitUser(admin, access);
  } finally {
    await client.close();
  }
}

/** As the members of a replica set prove themselves to each other: it needs no user, so that lost passwords can be set anew. */
function asMember({ key }: MongoAccess): MongoClientOptions {
  return { auth: { username: '__system', password: key }, authSource: 'local', authMechanism: 'SCRAM-SHA-256' };
}

function asUser({ user, password }: MongoAccess): MongoClientOptions {
  return { auth: { username: user, password }, authSource: 'admin' };
}

async function mayEnter(url: string, options: MongoClientOptions): Promise<boolean> {
  const client = new MongoClient(url, options);
  try {
    await client.db('admin').command({ ping: 1 });
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === authenticationFailed) return false;
    throw error;
  } finally {
    await client.close();
  }
}

/** Makes the user, or gives the one that is there this password. */
async function admitUser(admin: Db, { user, password }: MongoAccess): Promise<void> {
  const { users } = (await admin.command({ usersInfo: user })) as { users: unknown[] };
  const verb = users.length > 0 ? 'updateUser' : 'createUser';
  await admin.command({ [verb]: user, pwd: password, roles: rolesOfUser, writeConcern: { w: 'majority' } });
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
