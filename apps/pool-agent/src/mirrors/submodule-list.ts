import { Injectable } from '@nestjs/common';
import { SubmoduleRefused, gitmodulesEntries, submoduleUrl } from '../git/domain/gitmodules.js';
import type { ConfigFacts } from '../git/domain/git-manners.js';
import { PoolRules } from '../git/pool-rules.js';
import { Git, type GitPlace } from '../git/process/git.js';
import { wholeCopies, type Pool, type PoolOptions } from '../slots/domain/slot.js';
import { Mirrors } from './mirrors.js';

/** A repository in a folder of another one, at one commit. */
export interface Submodule {
  /** Below the working copy that names it. */
  path: string;
  url: string;
  commit: string;
}

export type ModuleFacts = ConfigFacts & PoolOptions;

const listMax = 200;
const nestingMax = 8;

/** The submodules that a commit names. `git submodule` is never run: what is committed is read, and judged here. */
@Injectable()
export class SubmoduleList {
  constructor(
    private readonly git: Git,
    private readonly rules: PoolRules,
    private readonly mirrors: Mirrors,
  ) {}

  /**
   * Those of one repository, without their own.
   *
   * @param base where the repository itself was cloned from
   * @throws SubmoduleRefused where one may not be cloned
   */
  async of(at: GitPlace, commit: string, base: string): Promise<Submodule[]> {
    const [file] = await this.tree(at, commit, ['.gitmodules']);
    if (file === undefined) return [];
    if (!/^100/.test(file.mode)) throw new SubmoduleRefused('.gitmodules is no file');
    const list = ['config', `--blob=${file.oid}`, '--no-includes', '-z', '--list'];
    const { code, text } = await this.git.run(list, { at, codes: 'any' });
    if (code !== 0) throw new SubmoduleRefused('.gitmodules can not be read');
    const entries = gitmodulesEntries(text);
    if (entries.length > listMax) throw new SubmoduleRefused(`.gitmodules names more than ${listMax} submodules`);
    const links = new Map(
      (await this.tree(at, commit, [...new Set(entries.map(({ path }) => path))]))
        .filter(({ mode }) => mode === '160000')
        .map(({ path, oid }) => [path, oid]),
    );
    return entries.flatMap((entry) => {
      const oid = links.get(entry.path);
      if (oid === undefined) return [];
      links.delete(entry.path);
      return [{ path: entry.path, url: submoduleUrl(base, entry, this.rules.patterns), commit: oid }];
    });
  }

  /** Looks whether all of them, and theirs, may be cloned and can be, before there is a slot. */
  async requireUsable(url: string, commit: string, depth = 0): Promise<void> {
    requireDepth(depth);
    const at = { gitDir: await this.mirrors.ensure(url) };
    for (const module of await this.of(at, commit, url)) {
      await this.requireUsable(module.url, module.commit, depth + 1);
    }
  }

  private async tree(at: GitPlace, commit: string, paths: readonly string[]) {
    if (paths.length === 0) return [];
    const { text } = await this.git.run(['ls-tree', '-z', '--full-tree', '--end-of-options', commit, '--', ...paths], {
      at: { gitDir: at.gitDir },
    });
    const lines = text.split('\0').filter((line) => line !== '');
    return lines.map((line) => {
      const [, mode, oid, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) as unknown as [string, string, string, string];
      return { mode, oid, path };
    });
  }
}

/** A repository may name itself. */
export function requireDepth(depth: number): void {
  if (depth > nestingMax) throw new SubmoduleRefused(`submodules lie more than ${nestingMax} deep in each other`);
}

/** What a submodule is like: a whole copy, at a commit and no branch. */
export function factsOf(
  { object_format, reference_mirror }: Pick<Pool, 'object_format' | 'reference_mirror'>,
  { url }: Submodule,
): ModuleFacts {
  return { ...wholeCopies, submodules: true, reference_mirror, repository_url: url, branch: null, object_format };
}
