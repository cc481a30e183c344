import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { repositoryHistory } from '../domain/repository-history.js';

const run = promisify(execFile);

/** Makes a repository whose pack has 200 MB, most of it older versions of its files, as differences. It takes some seconds. */
export async function makeRepositoryWithHistory(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await run('git', ['init', '-q', '-b', 'main'], { cwd: folder });
  // Packed at once and lightly: to look for better differences would take minutes.
  const args = ['-c', 'core.compression=1', 'fast-import', '--quiet', '--done'];
  const importing = spawn('git', args, { cwd: folder, stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(importing, 'close') as Promise<[number | null]>;
  await pipeline(Readable.from(repositoryHistory()), importing.stdin).catch(() => undefined);
  const [code] = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}.`);
}
