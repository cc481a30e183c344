import { Injectable } from '@nestjs/common';
import { isCorrupt } from '../git/domain/git-failure.js';
import { SubmoduleRefused, gitmodulesEntries, submoduleUrl } from '../git/domain/gitmodules.js';
import type { ConfigFacts } from '../git/domain/git-manners.js';
import { PoolRules } from '../git/pool-rules.js';
import { Git, type GitCall, type GitPlace } from '../git/process/git.js';
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

type Lacking = Pick<GitCall, 'transports' | 'source'>;

const listMax = 200;
const nestingMax = 8;
/** Of one repository with all that lie below it: the two above alone would allow more than any disk holds. */
const totalMax = 500;

/** Where somebody is who goes from a repository down to its lowest submodules. */
export interface Step {
  /** Where the repository was cloned from. */
  base: string;
  commit: string;
  level: number;
  /** What all steps of one way down have met together. */
  met: { modules: number };
}

export function firstStep(base: string, commit = 'HEAD'): Step {
  return { base, commit, level: 0, met: { modules: 0 } };
}

/** A repository may name itself. */
export function stepInto({ level, met }: Step, { url, commit }: Submodule): Step {
  if (level >= nestingMax) throw new SubmoduleRefused(`submodules lie more than ${nestingMax} deep in each other`);
  return { base: url, commit, level: level + 1, met };
}

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
   * @param lacking what git is told where the repository may be a partial copy that has not got `.gitmodules` yet
   * @throws SubmoduleRefused where one may not be cloned
   */
  async of(at: GitPlace, step: Step, lacking: Lacking = {}): Promise<Submodule[]> {
    return counted(await this.named(at, step, lacking), step);
  }

  /** Looks whether all of them, and theirs, may be cloned and can be, before there is a slot. */
  async requireUsable(step: Step, known = new Map<string, Submodule[]>()): Promise<void> {
    const place = `${step.commit} ${step.base}`;
    const named = known.get(place) ?? (await this.namedInMirror(step));
    known.set(place, named);
    for (const module of counted(named, step)) await this.requireUsable(stepInto(step, module), known);
  }

  async has(gitDir: string, commit: string): Promise<boolean> {
    const { code } = await this.git.run(['cat-file', '-e', `${commit}^{commit}`], { at: { gitDir }, codes: [0, 1, 128] });
    return code === 0;
  }

  private async namedInMirror(step: Step): Promise<Submodule[]> {
    const { base, commit } = step;
    const gitDir = await this.mirrors.ensure(base);
    // A mirror of long ago knows nothing of what was pushed since.
    if (!(await this.has(gitDir, commit))) await this.mirrors.refresh(base);
    if (!(await this.has(gitDir, commit))) throw new SubmoduleRefused(`no branch and no tag of ${base} leads to ${commit}`);
    return this.named({ gitDir }, step);
  }

  private async named(at: GitPlace, { base, commit }: Step, lacking: Lacking = {}): Promise<Submodule[]> {
    const [file] = await this.tree(at, commit, ['.gitmodules'], lacking);
    if (file === undefined) return [];
    if (!/^100/.test(file.mode)) throw new SubmoduleRefused('.gitmodules is no file');
    const list = ['config', `--blob=${file.oid}`, '--no-includes', '-z', '--list'];
    const { text } = await this.git.run(list, { at, ...lacking }).catch((error: unknown) => {
      throw isCorrupt(error) ? new SubmoduleRefused('.gitmodules can not be read') : error;
    });
    const entries = gitmodulesEntries(text);
    if (entries.length > listMax) throw new SubmoduleRefused(`.gitmodules names more than ${listMax} submodules`);
    const links = new Map(
      (await this.tree(at, commit, [...new Set(entries.map(({ path }) => path))], lacking))
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

  private async tree(at: GitPlace, commit: string, paths: readonly string[], lacking: Lacking) {
    if (paths.length === 0) return [];
    const { text } = await this.git.run(['ls-tree', '-z', '--full-tree', '--end-of-options', commit, '--', ...paths], {
      at: { gitDir: at.gitDir },
      ...lacking,
    });
    const lines = text.split('\0').filter((line) => line !== '');
    return lines.map((line) => {
      const [, mode, oid, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) as unknown as [string, string, string, string];
      return { mode, oid, path };
    });
  }
}

function counted(modules: Submodule[], { met }: Step): Submodule[] {
  met.modules += modules.length;
  if (met.modules > totalMax) throw new SubmoduleRefused(`there are more than ${totalMax} submodules, with those below them`);
  return modules;
}

/** What a submodule is like: a whole copy, at a commit and no branch. */
export function factsOf(
  { object_format, reference_mirror }: Pick<Pool, 'object_format' | 'reference_mirror'>,
  { url }: Submodule,
): ModuleFacts {
  return { ...wholeCopies, submodules: true, reference_mirror, repository_url: url, branch: null, object_format };
}
