import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ServerName = 'nats-server' | 'mongod';

/** A server's program on this machine. */
export interface ServerBinary {
  path: string;
  /** What the program's environment needs beside ours, such as a path of libraries. */
  env: Record<string, string>;
  /** Where it was found, in words. */
  source: string;
}

/** No program for a server was found. */
export class MissingBinaryError extends Error {
  override readonly name = 'MissingBinaryError';

  constructor(server: ServerName) {
    super(
      `No ${server} was found: neither ${variables[server].path}, nor on PATH, nor in ${cacheFolder()}. Run ./kintsugi setup, which fetches it.`,
    );
  }
}

const variables = {
  'nats-server': { path: 'NATS_SERVER_BIN', libraries: 'NATS_SERVER_LIBRARY_PATH' },
  mongod: { path: 'MONGOD_BIN', libraries: 'MONGOD_LIBRARY_PATH' },
} as const;

/** Finds a server's program: the environment's choice, then PATH, then the cache that `./kintsugi setup` fills. */
export function resolveBinary(server: ServerName): ServerBinary {
  const binary = fromEnvironment(server) ?? fromPath(server) ?? fromCache(server);
  if (!binary) throw new MissingBinaryError(server);
  return binary;
}

/** The one folder of all that was fetched. It can be deleted at any time. */
export function cacheFolder(): string {
  const given = process.env['KINTSUGI_CACHE'];
  if (given) return resolve(given);
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'kintsugi');
}

function fromEnvironment(server: ServerName): ServerBinary | undefined {
  const path = process.env[variables[server].path];
  if (!path) return undefined;
  if (!isExecutable(path)) throw new Error(`${variables[server].path} names a file that cannot be run: ${path}`);
  return { path, env: librariesOf(process.env[variables[server].libraries]), source: variables[server].path };
}

function fromPath(server: ServerName): ServerBinary | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, server);
    if (folder && isExecutable(path)) return { path, env: {}, source: 'PATH' };
  }
  return undefined;
}

/** The set-up writes a note of each program it fetched; its paths are relative to the note. */
function fromCache(server: ServerName): ServerBinary | undefined {
  const repository = fileURLToPath(new URL('../../../..', import.meta.url));
  for (const cache of [cacheFolder(), join(repository, '.cache')]) {
    const note = join(cache, 'servers', `${server}.json`);
    try {
      const { path, library_paths: folders } = JSON.parse(readFileSync(note, 'utf8')) as {
        path: string;
        library_paths: string[];
      };
      const program = resolve(dirname(note), path);
      const libraries = folders.map((folder) => resolve(dirname(note), folder)).join(delimiter);
      if (isExecutable(program)) return { path: program, env: librariesOf(libraries), source: 'cache' };
    } catch {
      // Not fetched into this cache.
    }
  }
  return undefined;
}

function librariesOf(libraryPath: string | undefined): Record<string, string> {
  if (!libraryPath) return {};
  const inherited = process.env['LD_LIBRARY_PATH'];
  return { LD_LIBRARY_PATH: inherited ? `${libraryPath}${delimiter}${inherited}` : libraryPath };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
