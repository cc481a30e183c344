import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { isCorrupt } from '../git/domain/git-failure.js';
import { SubmoduleRefused } from '../git/domain/gitmodules.js';
import { configText } from '../git/domain/git-manners.js';
import { Git, type GitPlace } from '../git/process/git.js';
import { SubmoduleList, factsOf, firstStep, stepInto, type ModuleFacts, type Submodule } from '../mirrors/submodule-list.js';
import { inParallel } from '../platform/in-parallel.js';
import type { Pool } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';
import { finding, isOwnersBusiness, type Finding, type FindingKind } from './domain/finding.js';
import { lookIntoGitFolder } from './git-folder-files.js';
import { lookAtFiles, lookAtObjects, type InspectionDepth } from './git-looks.js';
import { withShadow } from './shadow.js';

/** A submodule where it is, with what is wrong with it. */
export interface SubmoduleLook {
  module: Submodule;
  root: string;
  findings: Finding[];
}

/** Looks at the submodules of a working copy as at the copy itself: through a .git folder of ours. Their own are looked at where they are sound. */
@Injectable()
export class SubmoduleInspector {
  constructor(
    private readonly git: Git,
    private readonly folder: PoolFolder,
    private readonly list: SubmoduleList,
  ) {}

  /** @param at the shadow of the working copy that names them */
  async look(pool: Pool, at: Required<GitPlace>, depth: InspectionDepth): Promise<Finding[]> {
    try {
      return (await this.looks(pool, at, depth)).flatMap(({ findings }) => findings);
    } catch (error) {
      if (error instanceof SubmoduleRefused) return [finding('submodule-refused', error.evidence)];
      // What can't be read of the repository itself is found there.
      if (isCorrupt(error)) return [];
      throw error;
    }
  }

  /** The same one by one, down to the lowest. */
  async looks(
    pool: Pool,
    at: Required<GitPlace>,
    depth: InspectionDepth,
    step = firstStep(pool.repository_url),
  ): Promise<SubmoduleLook[]> {
    const modules = await this.list.of(at, step);
    const looks = await inParallel(modules, async (module) => {
      const nested: SubmoduleLook[] = [];
      const below = async (shadow: Required<GitPlace>): Promise<void> => {
        nested.push(...(await this.looks(pool, shadow, depth, stepInto(step, module))));
      };
      const findings = await this.lookAt(factsOf(pool, module), module, at.workTree, depth, below);
      return [{ module, root: at.workTree, findings }, ...nested];
    });
    return looks.flat();
  }

  private async lookAt(
    facts: ModuleFacts,
    { path, commit }: Submodule,
    root: string,
    depth: InspectionDepth,
    below: (shadow: Required<GitPlace>) => Promise<void>,
  ): Promise<Finding[]> {
    if (!(await isWorkingCopy(root, path))) return [finding('submodule-missing', path)];
    const gitDir = join(root, path, '.git');
    const found = await lookIntoGitFolder(gitDir, facts);
    const textOf = (name: string): Promise<string> => readFile(join(gitDir, name), 'utf8').catch(() => '');
    const [config, head] = await Promise.all([textOf('config'), textOf('HEAD')]);
    if (config !== configText(facts)) found.push(finding('config-changed', 'its configuration is not as it was written'));
    if (head.trimEnd() !== commit) found.push(finding('branch-wrong', `HEAD is not at ${commit}`));
    // Without these git would take the folder for none of its own.
    const isRepository = await Promise.all(['refs', 'objects'].map((name) => isOwnFolder(join(gitDir, name))));
    if (isRepository.every(Boolean)) {
      const seen = await withShadow(this.folder, facts, join(root, path), async (shadow) => {
        const byGit = await this.byGit(facts, shadow, commit, depth);
        return byGit.length > 0 ? byGit : below(shadow).then(() => [], brokenAs);
      });
      found.push(...seen);
    }
    return found.map((one) => finding(kindOf(one), `${path}: ${one.kind}, ${one.detail}`));
  }

  private async byGit(facts: ModuleFacts, at: Required<GitPlace>, commit: string, depth: InspectionDepth): Promise<Finding[]> {
    const [hasCommit, refs, files] = await Promise.all([
      this.list.has(at.gitDir, commit),
      this.git.look(['for-each-ref', '--format=%(refname)'], { at, codes: 'any' }),
      lookAtFiles(this.git, at),
    ]);
    const own = refs.text.split('\n').find((name) => name !== '' && !/^refs\/(remotes\/origin|tags)\//.test(name));
    return [
      ...(hasCommit ? [] : [finding('objects-broken', `${commit} is missing`)]),
      ...(own === undefined ? [] : [finding('unpushed-work', `${own} is there`)]),
      ...files,
      ...(await lookAtObjects(this.git, facts, at, depth)),
    ];
  }
}

function brokenAs(error: unknown): Finding[] {
  if (!isCorrupt(error)) throw error;
  return [finding('objects-broken', 'its tree can not be read')];
}

/** What an owner may do is a change; all else is damage. */
function kindOf(one: Finding): FindingKind {
  return isOwnersBusiness(one) ? 'submodule-changed' : 'submodule-broken';
}

/** Whether there is a .git folder of its own, with no link on the way to it. */
export function isWorkingCopy(root: string, path: string): Promise<boolean> {
  return isFolderBelow(root, `${path}/.git`);
}

/** Whether there is a folder, with no link on the way to it. */
export async function isFolderBelow(root: string, path: string): Promise<boolean> {
  let place = root;
  for (const part of path.split('/')) {
    place = join(place, part);
    if (!(await isOwnFolder(place))) return false;
  }
  return true;
}

function isOwnFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
