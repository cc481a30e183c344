import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Git } from '../git/process/git.js';
import type { Finding } from '../inspection/domain/finding.js';
import { Sources } from '../mirrors/sources.js';
import { Clock } from '../platform/clock.js';
import { ignoreAbsent, syncFolder } from '../platform/durable-file.js';
import type { Pool } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';
import {
  filesBelow,
  makeReachable,
  rebuildIndex,
  removeForeign,
  removeOtherBranches,
  removeTraces,
  writeConfig,
} from './git-folder-works.js';
import { SubmoduleWorks } from './submodule-works.js';

/** What each rung does to the working copy of a slot. None runs git before the configuration is ours. */
@Injectable()
export class RungWorks {
  constructor(
    private readonly git: Git,
    private readonly sources: Sources,
    private readonly submodules: SubmoduleWorks,
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
  ) {}

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
    await rebuildIndex(this.git, path);
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
    await rebuildIndex(this.git, path);
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
    await removeOtherBranches(this.git, path, pool.branch);
    await rebuildIndex(this.git, path, `refs/remotes/origin/${pool.branch}`);
    await this.git.run(['reset', '--quiet', '--hard', `refs/remotes/origin/${pool.branch}`], {
      ...{ at, ...this.sources.forLacking(pool), timeoutMs: 300_000 },
    });
    await this.git.run(['clean', '-ffdxq'], { at, timeoutMs: 300_000 });
    await this.submodules.bring(pool, path, 'clean');
    await removeTraces(gitDir);
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

  private removeForeign(pool: Pool, gitDir: string): Promise<void> {
    return removeForeign(pool, gitDir, { folder: this.folder, nowMs: this.clock.now() });
  }
}
