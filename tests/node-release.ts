import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../tools/setup/folders.mjs';

/** A Node.js of a release, or why there is none. */
export type NodeRelease = { program: string; missing?: undefined } | { missing: string };

/** The Node.js of a version, out of the package that the registry of npm has for this platform; it stays in the cache. */
export async function nodeRelease(version: string): Promise<NodeRelease> {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(cacheFolder(), 'node', `release-${version}`);
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(program)) return { program };
  try {
    const args = ['install', '--no-save', '--fetch-retries=0', '--prefix', folder, `${name}@${version}`];
    await promisify(execFile)('npm', args, { timeout: 180_000 });
    return { program };
  } catch (error) {
    const [line = ''] = /npm (?:error|ERR!) .+/.exec((error as { stderr?: string }).stderr ?? '') ?? [];
    return { missing: `npm could not fetch ${name}@${version}: ${line || String(error)}` };
  }
}
