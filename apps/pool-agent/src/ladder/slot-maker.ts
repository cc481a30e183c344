import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { configText } from '../git/domain/git-manners.js';
import { GitFailure } from '../git/domain/git-failure.js';
import { Git } from '../git/process/git.js';
import { Mirrors } from '../mirrors/mirrors.js';
import { syncFolder } from '../platform/durable-file.js';
import type { Pool } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';

/** Makes the working copy of a slot from the mirror, beside its place, and moves it there when it is whole. */
@Injectable()
export class SlotMaker {
  constructor(
    private readonly git: Git,
    private readonly folder: PoolFolder,
    private readonly mirrors: Mirrors,
  ) {}

  /** @returns the commit it is at */
  async make(pool: Pool, path: string, setAside: () => Promise<void>): Promise<string> {
    const mirror = await this.mirrors.sound(pool.repository_url);
    await this.requireRoom(mirror);
    const staged = this.folder.of('staging', `slot.${randomUUID()}`);
    try {
      // Copied, not hard-linked: one slot that is damaged in place must not be the damage of all.
      await this.git.run(['clone', '--quiet', '--local', '--no-hardlinks', '--no-checkout', '--end-of-options', mirror, staged], {
        transports: ['file'],
        timeoutMs: 600_000,
      });
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
    const { repository_url: url, branch, object_format: objectFormat } = pool;
    const gitDir = join(workTree, '.git');
    await writeFile(join(gitDir, 'config'), configText({ url, branch, objectFormat }));
    const at = { gitDir, workTree };
    await this.git.run(['checkout', '--quiet', '--force', '--no-track', '-B', branch, `refs/remotes/origin/${branch}`], { at });
    const { text } = await this.git.run(['rev-parse', '--verify', 'HEAD^{commit}'], { at });
    // The default branch of the mirror may be another, and was made for it.
    const { text: heads } = await this.git.run(['for-each-ref', '--format=%(refname)', 'refs/heads'], { at });
    for (const ref of heads.split('\n').filter((name) => name !== '' && name !== `refs/heads/${branch}`)) {
      await this.git.run(['update-ref', '-d', '--end-of-options', ref], { at });
    }
    await rm(join(gitDir, 'logs'), { recursive: true, force: true });
    return text.trim();
  }

  /** Twice the room of what is copied, so that what is set aside may stay. */
  private async requireRoom(mirror: string): Promise<void> {
    const packs = join(mirror, 'objects', 'pack');
    const names = await readdir(packs).catch(() => []);
    const sizes = await Promise.all(
      names.map((name) =>
        stat(join(packs, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    const wanted = 2 * sizes.reduce((sum, size) => sum + size, 0);
    const { bavail, bsize } = await statfs(this.folder.root);
    if (bavail * bsize < wanted) {
      throw new GitFailure('environment', 'clone', `${wanted} bytes of room are wanted, and ${bavail * bsize} are free`, null);
    }
  }
}
