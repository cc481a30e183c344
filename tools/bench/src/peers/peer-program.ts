import { accessSync, constants, existsSync, globSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from '@kintsugi/servers';
import { programPath } from '../bench.config.js';
import { programVersion } from './program-version.js';
import { moduleOfSetup, type Staging } from './setup-module.js';

/** A server's program that a peer needs. */
export interface PeerProgram {
  path: string;
  version: string;
  /** What its environment needs beside ours: a path of libraries, when it was fetched. */
  environment: Record<string, string>;
  /** The folder it was unpacked into, when it was fetched. */
  unpackedFolder: string | null;
}

export interface PeerProgramSearch {
  name: string;
  /** Debian's package of it. */
  debianPackage: string;
  /** Where it may be beside the folders of PATH, as patterns from the root of a system. */
  places: string[];
}

/** A server that a peer needs, and that is neither here nor can be fetched. */
export class MissingPeerError extends Error {
  override readonly name = 'MissingPeerError';
}

interface DebianPackages {
  fetchDebianPackages: (names: string[], folder: string, options: { workFolder: string; reinstall: boolean }) => Promise<unknown>;
  unpackedFolders: (folder: string) => { libraryPaths: string[] };
}

/** Finds a peer's server: on PATH, where Debian has it, in the cache, or by fetching Debian's package into the cache. */
export async function findPeerProgram(search: PeerProgramSearch, say: (text: string) => void): Promise<PeerProgram> {
  const found = (await installed(search)) ?? (await unpacked(search));
  if (found) return found;
  say(`fetching Debian's ${search.debianPackage}`);
  const reason = await fetchPackage(search).then(
    () => 'it cannot be run on this machine',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const fetched = await unpacked(search);
  if (fetched) return fetched;
  const why = reason.split('\n').at(0) ?? '';
  throw new MissingPeerError(`${search.name} is not here and was not fetched (${why}): install ${search.debianPackage}`);
}

async function installed({ name, places }: PeerProgramSearch): Promise<PeerProgram | undefined> {
  const folders = programPath().split(delimiter).filter(Boolean);
  const candidates = [...folders.map((folder) => join(folder, name)), ...places.flatMap((place) => globSync(`/${place}`))];
  for (const path of candidates.filter(isExecutable)) {
    const version = await programVersion(path, {});
    if (version !== undefined) return { path: realpathSync(path), version, environment: {}, unpackedFolder: null };
  }
  return undefined;
}

async function unpacked(search: PeerProgramSearch): Promise<PeerProgram | undefined> {
  const folder = folderOf(search);
  if (!existsSync(folder)) return undefined;
  const { unpackedFolders } = await moduleOfSetup<DebianPackages>('debian-packages');
  const environment = { LD_LIBRARY_PATH: unpackedFolders(folder).libraryPaths.join(delimiter) };
  for (const path of search.places.flatMap((place) => globSync(join(folder, place))).filter(isExecutable)) {
    const version = await programVersion(path, environment);
    if (version !== undefined) return { path, version, environment, unpackedFolder: folder };
  }
  return undefined;
}

async function fetchPackage(search: PeerProgramSearch): Promise<void> {
  const { fetchDebianPackages } = await moduleOfSetup<DebianPackages>('debian-packages');
  const { publish } = await moduleOfSetup<Staging>('staging');
  const workFolder = join(cacheFolder(), 'apt');
  mkdirSync(workFolder, { recursive: true });
  await publish(folderOf(search), async (folder) => {
    await fetchDebianPackages([search.debianPackage], folder, { workFolder, reinstall: false });
    return folder;
  });
}

function folderOf({ name }: PeerProgramSearch): string {
  return join(cacheFolder(), 'peers', name);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
