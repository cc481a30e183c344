import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { isCorrupt } from '../git/domain/git-failure.js';
import { SubmoduleRefused, isSubmodulePath } from '../git/domain/gitmodules.js';
import { Git, type GitPlace } from '../git/process/git.js';
import { withShadow } from '../inspection/shadow.js';
import { SubmoduleInspector, isFolderBelow, isWorkingCopy } from '../inspection/submodule-inspector.js';
import { Sources } from '../mirrors/sources.js';
import {
  SubmoduleList,
  factsOf,
  firstStep,
  stepInto,
  type ModuleFacts,
  type Step,
  type Submodule,
} from '../mirrors/submodule-list.js';
import { Clock } from '../platform/clock.js';
import type { Pool } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';
import {
  makeReachable,
  rebuildIndex,
  removeForeign,
  removeOtherBranches,
  removeStaleFiles,
  removeTraces,
  writeConfig,
} from './git-folder-works.js';
import { SavedWork } from './saved-work.js';

const checkoutTimeoutMs = 600_000;

/** Whether what somebody has left in them is removed as well. */
type Care = 'move' | 'clean';

/** Makes, moves, cleans and replaces the submodules of a working copy: each is a clone of its own, whose .git folder lies in it. */
@Injectable()
export class SubmoduleWorks {
  constructor(
    private readonly git: Git,
    private readonly sources: Sources,
    private readonly list: SubmoduleList,
    private readonly inspector: SubmoduleInspector,
    private readonly savedWork: SavedWork,
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
  ) {}

  /** Brings the submodules of a working copy to what its HEAD names, and makes those that are missing. Its configuration has to be ours. */
  async bring(pool: Pool, root: string, care: Care = 'move'): Promise<void> {
    if (pool.submodules) await this.bringBelow(pool, root, care, firstStep(pool.repository_url));
  }

  /** Sets aside those that are not sound, and makes them anew. */
  async replaceBroken(pool: Pool, root: string): Promise<void> {
    await writeConfig(pool, join(root, '.git'));
    const looks = await withShadow(this.folder, pool, root, (shadow) => this.inspector.looks(pool, shadow, 'full'));
    for (const look of looks.filter(({ findings }) => findings.length > 0)) await this.makeWay(look.root, look.module.path);
    await this.bring(pool, root);
  }

  /**
   * Keeps what nobody else has of all submodules.
   *
   * @param at the shadow of the working copy that names them
   * @returns whether there was anything
   */
  async save(pool: Pool, at: Required<GitPlace>, place: string): Promise<boolean> {
    if (!pool.submodules) return false;
    return this.saveBelow(pool, at, place, firstStep(pool.repository_url));
  }

  private async bringBelow(pool: Pool, root: string, care: Care, step: Step): Promise<void> {
    for (const module of await this.list.of({ gitDir: join(root, '.git') }, step)) {
      const facts = factsOf(pool, module);
      const path = join(root, module.path);
      try {
        if (await isWorkingCopy(root, module.path)) await this.moveTo(facts, path, module, care);
        else await this.make(facts, root, module);
        await this.bringBelow(pool, path, care, stepInto(step, module));
      } catch (error) {
        // One that can't be cleaned is broken: the next look says so.
        if (care !== 'clean' || !isCorrupt(error)) throw error;
      }
    }
  }

  private async make(facts: ModuleFacts, root: string, module: Submodule): Promise<void> {
    const staged = this.folder.of('staging', `module.${randomUUID()}`);
    try {
      await this.sources.copy(facts, staged);
      await this.moveTo(facts, staged, module, 'clean');
      await this.makeWay(root, module.path);
      await rename(staged, join(root, module.path));
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
  }

  private async moveTo(facts: ModuleFacts, path: string, { path: name, commit }: Submodule, care: Care): Promise<void> {
    const gitDir = join(path, '.git');
    const at = { gitDir, workTree: path };
    const head = await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '');
    if (care === 'move' && head.trimEnd() === commit) return;
    if (care === 'clean') {
      await this.tidy(facts, path);
      // Git fetches nothing where HEAD is broken, or leads to a commit that is not there yet.
      await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
    }
    const isThere = (): Promise<boolean> => this.list.has(gitDir, commit);
    if (!(await isThere())) {
      await this.sources.refresh(facts);
      await this.sources.fetchAll(facts, gitDir);
      if (!(await isThere())) throw new SubmoduleRefused(`no branch and no tag of ${name} leads to ${commit}`);
    }
    await writeFile(join(gitDir, 'HEAD'), `${commit}\n`);
    if (care === 'clean') await removeOtherBranches(this.git, path, null);
    await rebuildIndex(this.git, path);
    await this.git.run(['reset', '--quiet', '--hard', commit], { at, timeoutMs: checkoutTimeoutMs });
    await this.git.run(['clean', '-ffdxq'], { at, timeoutMs: checkoutTimeoutMs });
    await removeTraces(gitDir);
  }

  private async tidy(facts: ModuleFacts, path: string): Promise<void> {
    const gitDir = join(path, '.git');
    await makeReachable(path);
    await removeStaleFiles(gitDir);
    await removeForeign(facts, gitDir, { folder: this.folder, nowMs: this.clock.now() });
    await writeConfig(facts, gitDir);
  }

  /** Folders down to a place at which nothing is any more. What was there is set aside, and no link is followed. */
  private async makeWay(root: string, path: string): Promise<void> {
    let place = root;
    for (const part of dirname(path).split('/')) {
      place = join(place, part);
      const stats = await lstat(place).catch(() => null);
      if (stats?.isDirectory()) continue;
      await rm(place, { force: true });
      await mkdir(place);
    }
    const end = join(root, path);
    const stats = await lstat(end).catch(() => null);
    if (stats === null) return;
    const isEmpty = stats.isDirectory() && (await readdir(end)).length === 0;
    if (isEmpty) await rm(end, { recursive: true });
    else await this.folder.setAside(end, `module-${randomUUID()}`, this.clock.now());
  }

  private async saveBelow(pool: Pool, at: Required<GitPlace>, place: string, step: Step): Promise<boolean> {
    const modules = await this.list.of(at, step).catch(noneIfRefused);
    let isSaved = false;
    for (const module of modules) {
      const kept = join(place, 'submodules', module.path);
      if (await this.saveOne(pool, at.workTree, module, kept, step)) isSaved = true;
    }
    // Git overlooks what is in those that .gitmodules does not name, or that nobody may judge.
    const named = new Set(modules.map(({ path }) => path));
    for (const path of (await this.linksOf(at)).filter((one) => !named.has(one))) {
      if (await this.keepWhole(at.workTree, path, join(place, 'submodules', path))) isSaved = true;
    }
    return isSaved;
  }

  private async saveOne(pool: Pool, root: string, module: Submodule, kept: string, step: Step): Promise<boolean> {
    if (!(await isWorkingCopy(root, module.path))) return this.keepWhole(root, module.path, kept);
    try {
      return await withShadow(this.folder, factsOf(pool, module), join(root, module.path), async (shadow) => {
        const hasCommits = await this.savedWork.commits(shadow, kept, [module.commit]);
        const files = await this.savedWork.files(shadow, kept);
        const hasBelow = await this.saveBelow(pool, shadow, kept, stepInto(step, module));
        return hasCommits || files > 0 || hasBelow;
      });
    } catch (error) {
      if (!isCorrupt(error) && !(error instanceof SubmoduleRefused)) throw error;
      return this.keepWhole(root, module.path, kept);
    }
  }

  /** Moves one whose work can't be told from the rest to what is saved: it is made anew. @returns whether there was anything */
  private async keepWhole(root: string, path: string, kept: string): Promise<boolean> {
    const from = join(root, path);
    if (!(await isFolderBelow(root, path)) || (await readdir(from)).length === 0) return false;
    await mkdir(kept, { recursive: true, mode: 0o700 });
    await rename(from, join(kept, 'whole'));
    return true;
  }

  /** Where submodules are, named or not, as the index has it. */
  private async linksOf(at: GitPlace): Promise<string[]> {
    const { text } = await this.git.run(['ls-files', '--stage', '-z'], { at });
    const links = text.split('\0').flatMap((line) => /^160000 \w+ \d\t(.*)$/s.exec(line)?.[1] ?? []);
    return links.filter(isSubmodulePath);
  }
}

function noneIfRefused(error: unknown): Submodule[] {
  if (error instanceof SubmoduleRefused) return [];
  throw error;
}
