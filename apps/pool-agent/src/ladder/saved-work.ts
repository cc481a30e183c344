import { copyFile, cp, lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Git, type GitPlace } from '../git/process/git.js';
import { ignoreAbsent } from '../platform/durable-file.js';
import { Clock } from '../platform/clock.js';
import { PoolFolder } from '../slots/pool-folder.js';

/** What is copied of the .git folder: all that says where things were, and no objects. */
const recordsOfWork = ['HEAD', 'config', 'packed-refs', 'refs', 'logs', 'index', 'shallow', 'ORIG_HEAD'];

/** Keeps what a repair is about to remove: commits that no remote has, changed files, and the refs as they were. */
@Injectable()
export class SavedWork {
  constructor(
    private readonly git: Git,
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
  ) {}

  placeFor(slotId: string): string {
    return this.folder.of('saved', `${slotId}.${this.clock.now()}`);
  }

  /**
   * Commits on branches, on HEAD and stashed that are at no remote, as a bundle.
   *
   * @param known others that somebody has
   * @returns whether there are any
   */
  async commits(at: GitPlace, place: string, known: readonly string[] = []): Promise<boolean> {
    const stash = await this.git.run(['rev-parse', '--verify', '--quiet', 'refs/stash'], { at, codes: 'any' });
    const those = ['HEAD', '--branches', ...(stash.code === 0 ? ['refs/stash'] : []), '--not', '--remotes', ...known];
    const { text } = await this.git.run(['rev-list', '--count', ...those], { at });
    if (Number(text) === 0) return false;
    await mkdir(place, { recursive: true, mode: 0o700 });
    await this.git.run(['bundle', 'create', '--quiet', join(place, 'commits.bundle'), ...those], { at });
    return true;
  }

  /** Files that are changed or new, and not ignored. @returns how many */
  async files(at: Required<GitPlace>, place: string): Promise<number> {
    const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=all'];
    const { out } = await this.git.run(args, { at });
    const names = out
      .toString('latin1')
      .split('\0')
      .filter((line) => line.length > 3 && line[1] !== 'D' && line[0] !== 'D');
    let saved = 0;
    for (const name of names.map((line) => line.slice(3).replace(/\/$/, ''))) {
      const from = Buffer.concat([Buffer.from(`${at.workTree}/`), Buffer.from(name, 'latin1')]);
      const to = Buffer.concat([Buffer.from(`${place}/files/`), Buffer.from(name, 'latin1')]);
      const stats = await lstat(from).catch(() => null);
      if (!stats || !(stats.isFile() || stats.isDirectory())) continue;
      await mkdir(dirname(to.toString()), { recursive: true, mode: 0o700 });
      if (stats.isFile()) await copyFile(from, to);
      else await cp(from.toString(), to.toString(), { recursive: true, verbatimSymlinks: true });
      saved += 1;
    }
    return saved;
  }

  /** The refs, the configuration and the index as they were. */
  async records(gitDir: string, place: string): Promise<void> {
    await mkdir(join(place, 'git'), { recursive: true, mode: 0o700 });
    for (const name of recordsOfWork) {
      await cp(join(gitDir, name), join(place, 'git', name), { recursive: true, verbatimSymlinks: true }).catch(ignoreAbsent);
    }
  }
}
