import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { configText } from '../git/domain/git-manners.js';
import { Git } from '../git/process/git.js';
import type { Finding } from '../inspection/domain/finding.js';
import { isForeign, isGitLock, isTemporary, unfinishedNames } from '../inspection/domain/git-folder-rules.js';
import { Sources } from '../mirrors/sources.js';
import { ignoreAbsent, syncFolder } from '../platform/durable-file.js';
import type { Pool } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';

/** What each rung does to the working copy of a slot. None runs git before the configuration is ours. */
@Injectable()
export class RungWorks {
  constructor(
    private readonly git: Git,
    private readonly sources: Sources,
    private readonly folder: PoolFolder,
  ) {}

  /** Removes locks that nobody holds, leftovers of writes, and operations that were not ended. */
  async removeStaleFiles(path: string): Promise<void> {
    const gitDir = join(path, '.git');
    for (const name of await filesBelow(gitDir)) {
      if (isGitLock(name) || isTemporary(name)) await rm(join(gitDir, name), { force: true });
    }
    for (const name of unfinishedNames) await rm(join(gitDir, name), { recursive: true, force: true });
  }

  /**
   * Writes what git needs to find its way: configuration, HEAD, refs as the mirror has them, and the index.
   *
   * @returns the commit that its branch is at
   */
  async rewriteMetadata(pool: Pool, path: string, findings: readonly Finding[]): Promise<string> {
    const gitDir = join(path, '.git');
    await makeReachable(gitDir);
    await this.removeForeign(pool, gitDir);
    await writeConfig(pool, gitDir);
    for (const name of ['refs', 'packed-refs', 'logs', 'HEAD', 'shallow']) {
      await rm(join(gitDir, name), { recursive: true, force: true });
    }
    for (const folder of ['refs/heads', 'refs/tags', 'objects/pack', 'objects/info']) {
      await mkdir(join(gitDir, folder), { recursive: true });
    }
    await writeFile(join(gitDir, 'HEAD'), `ref: refs/heads/${pool.branch}\n`);
    for (const name of await filesBelow(join(gitDir, 'objects'))) {
      if (/^(info\/|pack\/(multi-pack-index|.*\.(rev|bitmap|keep|promisor|mtimes)$))/.test(name)) {
        await rm(join(gitDir, 'objects', name), { force: true });
      }
    }
    const indexless = findings.filter(({ kind }) => kind === 'pack-without-index').map(({ detail }) => detail);
    for (const pack of indexless) {
      await this.git.run(['index-pack', join(gitDir, 'objects', 'pack', pack)], { at: { gitDir } });
    }
    const commit = await this.sources.fetch(pool, gitDir);
    await this.rebuildIndex(path);
    return commit;
  }

  /**
   * Puts the objects of the source in the place of those that are broken, which are set aside.
   *
   * @returns the commit that its branch is at
   */
  async replaceObjects(pool: Pool, path: string, asideAt: string): Promise<string> {
    const gitDir = join(path, '.git');
    const staged = this.folder.of('staging', `objects.${randomUUID()}`);
    try {
      await this.sources.copy(pool, staged);
      await this.fillPartial(pool, staged);
      await this.removeForeign(pool, gitDir);
      await writeConfig(pool, gitDir);
      await mkdir(asideAt, { recursive: true, mode: 0o700 });
      await rename(join(gitDir, 'objects'), join(asideAt, 'objects')).catch(ignoreAbsent);
      await rename(join(staged, '.git', 'objects'), join(gitDir, 'objects'));
      await rm(join(gitDir, 'shallow'), { recursive: true, force: true });
      await rename(join(staged, '.git', 'shallow'), join(gitDir, 'shallow')).catch(ignoreAbsent);
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
    await syncFolder(gitDir);
    for (const name of ['refs', 'packed-refs', 'logs']) await rm(join(gitDir, name), { recursive: true, force: true });
    for (const folder of ['refs/heads', 'refs/tags', 'objects/info']) await mkdir(join(gitDir, folder), { recursive: true });
    await writeFile(join(gitDir, 'HEAD'), `ref: refs/heads/${pool.branch}\n`);
    const commit = await this.sources.fetch(pool, gitDir);
    await this.rebuildIndex(path);
    return commit;
  }

  /** Puts every file back to what its commit says, and removes all others. */
  async cleanFiles(pool: Pool, path: string): Promise<void> {
    const gitDir = join(path, '.git');
    const at = { gitDir, workTree: path };
    await this.removeForeign(pool, gitDir);
    await writeConfig(pool, gitDir);
    await makeReachable(path);
    await this.git.run(['symbolic-ref', 'HEAD', `refs/heads/${pool.branch}`], { at });
    await this.removeOtherBranches(pool, path);
    await this.rebuildIndex(path, `refs/remotes/origin/${pool.branch}`);
    await this.git.run(['reset', '--quiet', '--hard', `refs/remotes/origin/${pool.branch}`], {
      ...{ at, ...this.sources.forLacking(pool), timeoutMs: 300_000 },
    });
    await this.git.run(['clean', '-ffdxq'], { at, timeoutMs: 300_000 });
    for (const name of ['logs', 'ORIG_HEAD', 'FETCH_HEAD', 'COMMIT_EDITMSG']) {
      await rm(join(gitDir, name), { recursive: true, force: true });
    }
  }

  private async removeOtherBranches({ branch }: Pool, path: string): Promise<void> {
    const at = { gitDir: join(path, '.git') };
    const { text } = await this.git.run(['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/stash', 'refs/bisect'], {
      at,
    });
    for (const ref of text.split('\n').filter((name) => name !== '' && name !== `refs/heads/${branch}`)) {
      await this.git.run(['update-ref', '-d', '--end-of-options', ref], { at });
    }
  }

  /** Gives a partial copy without files the contents of those that its owner will see. */
  private async fillPartial(pool: Pool, workTree: string): Promise<void> {
    if (pool.partial === null) return;
    const at = { gitDir: join(workTree, '.git'), workTree };
    const source = this.sources.forLacking(pool);
    await this.git.run(['read-tree', '--reset', '-u', '--end-of-options', `refs/remotes/origin/${pool.branch}`], {
      at,
      ...source,
    });
  }

  /** An index without anything that somebody may have told it to overlook. */
  private async rebuildIndex(path: string, tree = 'HEAD'): Promise<void> {
    const at = { gitDir: join(path, '.git'), workTree: path };
    await rm(join(path, '.git', 'index'), { recursive: true, force: true });
    await this.git.run(['read-tree', '--end-of-options', tree], { at });
    await this.git.run(['update-index', '-q', '--refresh'], { at, codes: 'any', timeoutMs: 300_000 });
  }

  private async removeForeign(pool: Pool, gitDir: string): Promise<void> {
    for (const name of await readdir(gitDir)) {
      if (isForeign(name, pool)) await rm(join(gitDir, name), { recursive: true, force: true });
    }
    // Before anything is removed by its path: a link on the way leads into somebody else's folder.
    await removeLinks(gitDir);
    for (const name of ['objects/info/alternates', 'objects/info/http-alternates']) await rm(join(gitDir, name), { force: true });
  }
}

async function writeConfig(pool: Pool, gitDir: string): Promise<void> {
  await rm(join(gitDir, 'config'), { recursive: true, force: true });
  await writeFile(join(gitDir, 'config'), configText(pool));
}

async function filesBelow(folder: string): Promise<string[]> {
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
async function makeReachable(folder: string): Promise<void> {
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
