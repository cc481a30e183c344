import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configText, type ConfigFacts } from '../git/domain/git-manners.js';
import type { GitPlace } from '../git/process/git.js';
import { type PoolFolder } from '../slots/pool-folder.js';
import { headOf } from './domain/git-folder-rules.js';

/**
 * Lets git look at a slot without reading its configuration, which may name programs to run: a .git folder of ours,
 * with our configuration, whose objects, refs and index are those of the slot.
 */
export async function withShadow<Result>(
  folder: PoolFolder,
  facts: ConfigFacts,
  path: string,
  look: (place: Required<GitPlace>) => Promise<Result>,
): Promise<Result> {
  const gitDir = folder.of('shadows', randomUUID());
  const real = join(path, '.git');
  await mkdir(gitDir);
  try {
    // Where HEAD is broken, the rest is looked at all the same.
    const head = await readFile(join(real, 'HEAD'), 'utf8').catch(() => '');
    await Promise.all([
      // As a whole copy: git asks nobody for what is missing while it is looked at.
      writeFile(join(gitDir, 'config'), configText({ ...facts, partial: null })),
      writeFile(join(gitDir, 'HEAD'), headOf(head) === null ? `ref: refs/heads/${facts.branch ?? 'main'}\n` : head),
      ...['objects', 'refs', 'packed-refs', 'index', 'shallow'].map((name) => symlink(join(real, name), join(gitDir, name))),
    ]);
    return await look({ gitDir, workTree: path });
  } finally {
    await rm(gitDir, { recursive: true, force: true });
  }
}
