import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { GitFailure } from '../git/domain/git-failure.js';
import { Git } from '../git/process/git.js';
import { Sources } from '../mirrors/sources.js';
import { syncFolder } from '../platform/durable-file.js';
import type { Pool } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';
import { removeOtherBranches, writeConfig } from './git-folder-works.js';
import { SubmoduleWorks } from './submodule-works.js';

/** Makes the working copy of a slot beside its place, and moves it there when it is whole. */
@Injectable()
export class SlotMaker {
  constructor(
    private readonly git: Git,
    private readonly folder: PoolFolder,
    private readonly sources: Sources,
    private readonly submodules: SubmoduleWorks,
  ) {}

  /** @returns the commit it is at */
  async make(pool: Pool, path: string, setAside: () => Promise<void>): Promise<string> {
    await this.requireRoom(pool);
    const staged = this.folder.of('staging', `slot.${randomUUID()}`);
    try {
      await this.sources.copy(pool, staged);
      const commit = await this.fill(pool, staged);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await setAside();
      await rename(staged, path);
      await syncFolder(dirname(path));
      return commit;
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
  }

  private async fill(pool: Pool, workTree: string): Promise<string> {
    const { branch } = pool;
    const gitDir = join(workTree, '.git');
    await writeConfig(pool, gitDir);
    const at = { gitDir, workTree };
    const checkout = ['checkout', '--quiet', '--force', '--no-track', '-B', branch, `refs/remotes/origin/${branch}`];
    await this.git.run(checkout, { at, ...this.sources.forLacking(pool), timeoutMs: 600_000 });
    const { text } = await this.git.run(['rev-parse', '--verify', 'HEAD^{commit}'], { at });
    // The default branch of the mirror may be another, and was made for it.
    await removeOtherBranches(this.git, workTree, branch);
    await this.submodules.bring(pool, workTree);
    await rm(join(gitDir, 'logs'), { recursive: true, force: true });
    return text.trim();
  }

  /** Twice the room of what is copied, so that what is set aside may stay. */
  private async requireRoom(pool: Pool): Promise<void> {
    const wanted = 2 * (await this.sources.bytesOf(pool));
    const { bavail, bsize } = await statfs(this.folder.root);
    if (bavail * bsize < wanted) {
      throw new GitFailure('environment', 'clone', `${wanted} bytes of room are wanted, and ${bavail * bsize} are free`, null);
    }
  }
}
