import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Git, type GitCall } from '../git/process/git.js';
import type { Pool } from '../slots/domain/slot.js';
import { Mirrors, branchMissing, transportOf } from './mirrors.js';

const refspecs = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];

type Repository = Pick<Pool, 'repository_url' | 'reference_mirror'>;
type Copied = Repository & Pick<Pool, 'shallow' | 'partial'>;

/** Where slots get their objects: from the mirror of their repository, or from the remote itself where their pool goes without one. */
@Injectable()
export class Sources {
  constructor(
    private readonly git: Git,
    private readonly mirrors: Mirrors,
  ) {}

  /** The branch that a new slot is at, and how objects are named. */
  async branchOf(
    repository: Repository & Pick<Pool, 'partial'>,
    wanted: string | undefined,
  ): Promise<Pick<Pool, 'branch' | 'object_format'>> {
    if (repository.reference_mirror) return this.mirrors.branchOf(repository.repository_url, wanted, repository.partial !== null);
    const heads = await this.headsOf(repository.repository_url, wanted === undefined ? [] : [`refs/heads/${wanted}`]);
    const branch = wanted ?? heads.defaultBranch ?? 'HEAD';
    const commit = heads.commits.get(wanted === undefined ? 'HEAD' : `refs/heads/${wanted}`);
    if (commit === undefined || branch === 'HEAD') throw branchMissing(branch);
    return { branch, object_format: commit.length === 64 ? 'sha256' : 'sha1' };
  }

  /** Brings what slots are made from up to what the remote has. */
  async refresh({ repository_url, reference_mirror }: Repository): Promise<void> {
    if (reference_mirror) await this.mirrors.refresh(repository_url);
  }

  /** Makes a copy without files, as the pool wants it. */
  async copy(pool: Copied, staged: string): Promise<void> {
    const { repository_url: url, reference_mirror, shallow, partial } = pool;
    const mirror = reference_mirror ? await this.mirrors.sound(url) : null;
    if (mirror !== null && isWhole(pool)) {
      // Copied, not hard-linked: one slot that is damaged in place must not be the damage of all.
      const args = ['clone', '--quiet', '--local', '--no-hardlinks', '--no-checkout', '--end-of-options', mirror, staged];
      await this.git.run(args, { transports: ['file'] });
      return;
    }
    const parts = [
      ...(shallow === null ? [] : [`--depth=${shallow}`, '--no-single-branch']),
      ...(partial === null ? [] : [`--filter=${partial}`]),
    ];
    await this.ask(pool, ['clone', '--quiet', '--no-local', '--no-checkout', ...parts, '--end-of-options', url, staged], {});
  }

  /**
   * Everything of the source, and the branch of the pool at what the source has. The configuration has to be ours.
   *
   * @returns the commit of that branch as it was got: the source may have another one a moment later
   */
  async fetch(pool: Pool, gitDir: string): Promise<string> {
    const { branch } = pool;
    const at = { gitDir };
    await this.fetchAll(pool, gitDir);
    await this.git.run(['update-ref', '--end-of-options', `refs/heads/${branch}`, `refs/remotes/origin/${branch}`], { at });
    const { text } = await this.git.run(['rev-parse', '--verify', '--end-of-options', `refs/heads/${branch}^{commit}`], { at });
    return text.trim();
  }

  /** Everything of the source, and no branch of ours is moved. The configuration has to be ours. */
  async fetchAll(pool: Copied, gitDir: string): Promise<void> {
    const { repository_url: url, reference_mirror, shallow } = pool;
    const at = { gitDir };
    const fetch = ['fetch', '--quiet', '--no-tags', '--prune', '--no-write-fetch-head'];
    if (reference_mirror && isWhole(pool)) {
      const mirror = await this.mirrors.ensure(url);
      await this.git.run([...fetch, '--end-of-options', mirror, ...refspecs], { at, transports: ['file'] });
    } else {
      if (reference_mirror) await this.mirrors.ensure(url);
      const depth = shallow === null ? [] : [`--depth=${shallow}`];
      await this.ask(pool, [...fetch, ...depth, '--end-of-options', 'origin', ...refspecs], { at });
    }
  }

  /** What git is told so that it gets what a partial copy has not; nothing for other copies. */
  forLacking(pool: Pool): Pick<GitCall, 'transports' | 'source'> {
    return pool.partial === null ? {} : this.door(pool);
  }

  /** Bytes that a copy takes at most, where that is known. */
  async bytesOf(pool: Pool): Promise<number> {
    if (!pool.reference_mirror || !isWhole(pool)) return 0;
    const packs = join(await this.mirrors.ensure(pool.repository_url), 'objects', 'pack');
    const names = await readdir(packs).catch(() => []);
    const sizes = await Promise.all(
      names.map((name) =>
        stat(join(packs, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  private async ask(pool: Repository, args: readonly string[], call: GitCall): Promise<void> {
    const whole = { ...call, ...this.door(pool) };
    await (pool.reference_mirror ? this.git.run(args, whole) : this.git.runRemote(args, whole));
  }

  private door({ repository_url: url, reference_mirror }: Repository) {
    const mirror = reference_mirror ? this.mirrors.placeOf(url) : null;
    return { transports: [mirror === null ? transportOf(url) : 'file'], source: { url, mirror } };
  }

  private async headsOf(url: string, names: readonly string[]) {
    const { text } = await this.git.runRemote(['ls-remote', '--symref', '--end-of-options', url, 'HEAD', ...names], {
      transports: [transportOf(url)],
    });
    const commits = new Map<string, string>();
    let defaultBranch: string | undefined;
    for (const line of text.split('\n')) {
      const [value, name] = line.split('\t') as [string, string | undefined];
      if (name === 'HEAD' && value.startsWith('ref: refs/heads/')) defaultBranch = value.slice('ref: refs/heads/'.length);
      else if (name !== undefined) commits.set(name, value);
    }
    return { commits, defaultBranch };
  }
}

function isWhole({ shallow, partial }: Copied): boolean {
  return shallow === null && partial === null;
}
