import { randomUUID } from 'node:crypto';
import { chmod, lstat, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configText, type ConfigFacts } from '../git/domain/git-manners.js';
import type { Git } from '../git/process/git.js';
import { isForeign, isGitLock, isTemporary, unfinishedNames } from '../inspection/domain/git-folder-rules.js';
import { ignoreAbsent } from '../platform/durable-file.js';
import type { Pool } from '../slots/domain/slot.js';
import type { PoolFolder } from '../slots/pool-folder.js';

/** What is done to the files of a .git folder by us and not by git. */

/** Removes locks that nobody holds, leftovers of writes, and operations that were not ended. */
export async function removeStaleFiles(gitDir: string): Promise<void> {
  for (const name of await filesBelow(gitDir)) {
    if (isGitLock(name) || isTemporary(name)) await rm(join(gitDir, name), { force: true });
  }
  for (const name of unfinishedNames) await rm(join(gitDir, name), { recursive: true, force: true });
}

/** Removes what could change what git does. Repositories of submodules may hold work, and are set aside. */
export async function removeForeign(
  pool: Pick<Pool, 'shallow'>,
  gitDir: string,
  { folder, nowMs }: { folder: PoolFolder; nowMs: number },
): Promise<void> {
  for (const name of await readdir(gitDir)) {
    if (!isForeign(name, pool)) continue;
    const path = join(gitDir, name);
    if (name === 'modules') await folder.setAside(path, `modules-${randomUUID()}`, nowMs).catch(ignoreAbsent);
    else await rm(path, { recursive: true, force: true });
  }
  // Before anything is removed by its path: a link on the way leads into somebody else's folder.
  await removeLinks(gitDir);
  for (const name of ['objects/info/alternates', 'objects/info/http-alternates']) await rm(join(gitDir, name), { force: true });
}

export async function writeConfig(facts: ConfigFacts, gitDir: string): Promise<void> {
  await rm(join(gitDir, 'config'), { recursive: true, force: true });
  await writeFile(join(gitDir, 'config'), configText(facts));
}

export async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return names.filter((one) => !one.isDirectory()).map((one) => join(one.parentPath, one.name).slice(folder.length + 1));
}

/** No file of a .git folder is a link; one that is leads somewhere else. */
async function removeLinks(gitDir: string): Promise<void> {
  for (const name of await filesBelow(gitDir)) {
    const stats = await lstat(join(gitDir, name)).catch(() => null);
    if (stats && !stats.isFile()) await rm(join(gitDir, name), { force: true });
  }
}

/** Gives back the rights on folders and files of ours, so that they can be read and removed. */
export async function makeReachable(folder: string): Promise<void> {
  const stats = await lstat(folder);
  if ((stats.mode & 0o700) !== 0o700) await chmod(folder, stats.mode | 0o700);
  for (const one of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, one.name);
    if (one.isDirectory()) await makeReachable(path);
    else if (one.isFile()) {
      const { mode } = await lstat(path);
      if ((mode & 0o400) === 0) await chmod(path, mode | 0o400);
    }
  }
}

/** Removes all branches but one, and what is stashed and bisected. */
export async function removeOtherBranches(git: Git, path: string, branch: string | null): Promise<void> {
  const at = { gitDir: join(path, '.git') };
  const { text } = await git.run(['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/stash', 'refs/bisect'], { at });
  for (const ref of text.split('\n').filter((name) => name !== '' && name !== `refs/heads/${branch}`)) {
    await git.run(['update-ref', '-d', '--end-of-options', ref], { at });
  }
}

/** Removes what would tell the next owner of a slot what the last one did. */
export async function removeTraces(gitDir: string): Promise<void> {
  for (const name of ['logs', 'ORIG_HEAD', 'FETCH_HEAD', 'COMMIT_EDITMSG']) {
    await rm(join(gitDir, name), { recursive: true, force: true });
  }
}

/** An index without anything that somebody may have told it to overlook. */
export async function rebuildIndex(git: Git, path: string, tree = 'HEAD'): Promise<void> {
  const at = { gitDir: join(path, '.git'), workTree: path };
  await rm(join(path, '.git', 'index'), { recursive: true, force: true });
  await git.run(['read-tree', '--end-of-options', tree], { at });
  await git.look(['update-index', '-q', '--refresh'], { at, codes: 'any', timeoutMs: 300_000 });
}
