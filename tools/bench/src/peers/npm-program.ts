import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '@kintsugi/servers';
import { MissingPeerError, type PeerProgram } from './peer-program.js';
import { programVersion } from './program-version.js';
import { moduleOfSetup, type Staging } from './setup-module.js';

/** A server of which the npm registry has a package for each platform: `<npmPackage>-linux-x64`. */
export interface NpmProgramSearch {
  name: string;
  npmPackage: string;
  version: string;
  platforms: string[];
}

interface NpmPackage {
  fetchNpmPackage: (name: string, folder: string, options: { environment: NodeJS.ProcessEnv }) => Promise<string>;
}

interface NpmRegistry {
  npmEnvironment: (cacheOfNpm: string) => NodeJS.ProcessEnv;
}

/** Finds a peer's server in the cache, or fetches its package for this platform into the cache. */
export async function findNpmProgram(search: NpmProgramSearch, say: (text: string) => void): Promise<PeerProgram> {
  const { name, npmPackage, version, platforms } = search;
  const platform = `${process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) throw new MissingPeerError(`there is no ${name} for ${platform}`);
  const folder = join(cacheFolder(), 'peers', `${name}-${version}`);
  const found = await runnable(search, folder);
  if (found) return found;
  const wanted = `${npmPackage}-${platform}@${version}`;
  say(`fetching ${wanted}`);
  const reason = await fetchInto(folder, wanted).then(
    () => 'it cannot be run on this machine',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const fetched = await runnable(search, folder);
  if (fetched) return fetched;
  const why = reason.split('\n').at(0) ?? '';
  throw new MissingPeerError(`${wanted} was not fetched (${why})`);
}

async function runnable({ name }: NpmProgramSearch, folder: string): Promise<PeerProgram | undefined> {
  const path = join(folder, 'bin', name);
  const version = await programVersion(path, {});
  return version === undefined ? undefined : { path, version, environment: {}, unpackedFolder: folder };
}

async function fetchInto(target: string, wanted: string): Promise<void> {
  const { fetchNpmPackage } = await moduleOfSetup<NpmPackage>('npm-package');
  const { npmEnvironment } = await moduleOfSetup<NpmRegistry>('npm-registry');
  const { publish } = await moduleOfSetup<Staging>('staging');
  const environment = { ...process.env, ...npmEnvironment(join(cacheFolder(), 'npm')) };
  mkdirSync(join(cacheFolder(), 'peers'), { recursive: true });
  await publish(target, (folder) => fetchNpmPackage(wanted, folder, { environment }));
}
