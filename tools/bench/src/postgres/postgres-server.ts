import { execFile } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '@kintsugi/servers';
import type { PeerProgram } from '../peers/peer-program.js';
import { ServerUnderTest } from '../peers/server-under-test.js';

interface UnprivilegedUser {
  uid: number;
  gid: number;
}

const postgresUser = 'bench';

/** What differs from PostgreSQL's defaults: memory for the data of a run, and room for its log between checkpoints. */
export const postgresSettings = ['shared_buffers=512MB', 'max_wal_size=2GB', 'max_connections=200'];

/** A PostgreSQL server with fsync on; it refuses to run as root, so root starts it as another user. */
export async function startPostgresServer(given: PeerProgram, folder: string): Promise<ServerUnderTest> {
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  const home = join(folder, 'postgres');
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const program = user ? withinReach(given, home) : given;
  const data = join(home, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (user) for (const path of [home, data]) chownSync(path, user.uid, user.gid);
  const environment = { ...program.environment, LC_ALL: 'C', HOME: home };
  const initialize = ['-D', data, '--auth=trust', `--username=${postgresUser}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(join(dirname(program.path), 'initdb'), initialize, {
    cwd: home,
    env: { ...process.env, ...environment },
    ...user,
  });
  const port = await freePort();
  return ServerUnderTest.start({
    name: 'postgres',
    command: program.path,
    args: ['-D', data, '-p', String(port), ...settings().flatMap((setting) => ['-c', setting])],
    environment,
    folder: home,
    port,
    stopSignal: 'SIGQUIT',
    probe: () => askOnce(port),
    ...(user ? { user } : {}),
  });
}

/** Its port answers before it lets anybody in. */
async function askOnce(port: number): Promise<void> {
  const client = new pg.Client(postgresUrl(port));
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

export function postgresUrl(port: number): string {
  return `postgres://${postgresUser}@127.0.0.1:${port}/postgres`;
}

function settings(): string[] {
  return ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...postgresSettings];
}

/** The cache of root is closed to others, so what was fetched into it is copied to where the other user can read it. */
function withinReach(program: PeerProgram, home: string): PeerProgram {
  if (program.unpackedFolder === null) return program;
  const copy = join(home, 'program');
  cpSync(program.unpackedFolder, copy, { recursive: true, verbatimSymlinks: true });
  const move = (path: string): string => join(copy, relative(program.unpackedFolder ?? '', path));
  const libraries = (program.environment['LD_LIBRARY_PATH'] ?? '').split(':').filter(Boolean).map(move).join(':');
  return { ...program, path: move(program.path), environment: { ...program.environment, LD_LIBRARY_PATH: libraries } };
}

function unprivilegedUser(): UnprivilegedUser {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('PostgreSQL does not run as root, and there is no user nobody.');
  return { uid: Number(uid), gid: Number(gid) };
}
