import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { evidenceOf, kindOfError } from '../git/domain/git-failure.js';
import { configText } from '../git/domain/git-manners.js';
import { Git, type GitPlace } from '../git/process/git.js';
import type { Pool, Slot } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';
import { SlotBook } from '../slots/slot-book.js';
import { finding, isOwnersBusiness, type Finding } from './domain/finding.js';
import { headOf } from './domain/git-folder-rules.js';
import { lookIntoGitFolder } from './git-folder-files.js';
import { lookAtFiles, lookAtObjects, type InspectionDepth } from './git-looks.js';
import { lookIntoShallow } from './shallow-file.js';
import { withShadow } from './shadow.js';
import { SubmoduleInspector } from './submodule-inspector.js';

export interface Inspection {
  findings: Finding[];
  /** The commit that the branch of the pool is at, as the slot knows it. */
  commit: string | null;
}

export interface InspectionAsk {
  depth: InspectionDepth;
  /** The commit it has to be at; what it was at when it was last sound when absent, any when null. */
  commit?: string | null;
}

/** Looks at slots, and changes nothing in them. */
@Injectable()
export class Inspector {
  constructor(
    private readonly git: Git,
    private readonly folder: PoolFolder,
    private readonly book: SlotBook,
    private readonly submodules: SubmoduleInspector,
  ) {}

  /** All that is wrong with a slot. What an owner may do to his own is left out. */
  async inspect(slot: Slot, { depth, commit = slot.metadata.commit }: InspectionAsk): Promise<Inspection> {
    const pool = this.book.pool(slot.pool);
    const path = this.book.pathOf(slot);
    try {
      const place = await placeFinding(path);
      if (place) return { findings: [place], commit: null };
      const look = await lookIntoGitFolder(join(path, '.git'), pool);
      const owner = await ownerFindings(path, this.folder.root);
      const files = [...look, ...owner, ...(await this.headAndConfig(slot, pool, path))];
      const isRepository = (await isFolder(join(path, '.git', 'refs'))) && (await isFolder(join(path, '.git', 'objects')));
      const seen = isRepository
        ? await withShadow(this.folder, pool, path, (shadow) => this.byGit(slot, pool, shadow, depth, commit))
        : { findings: [], commit: null };
      const all = [...files, ...seen.findings];
      const hasOwner = slot.state === 'ALLOCATED';
      return { findings: withoutEchoes(all.filter((one) => !hasOwner || !isOwnersBusiness(one))), commit: seen.commit };
    } catch (error) {
      const kind = kindOfError(error);
      if (kind === null && (error as NodeJS.ErrnoException).code === undefined) throw error;
      return { findings: [finding('environment', evidenceOf((error as Error).message))], commit: null };
    }
  }

  private async headAndConfig(slot: Slot, pool: Pool, path: string): Promise<Finding[]> {
    const { branch } = pool;
    const config = await readFile(join(path, '.git', 'config'), 'utf8').catch(() => '');
    const head = headOf(await readFile(join(path, '.git', 'HEAD'), 'utf8').catch(() => ''));
    const isOnBranch = head !== null && 'branch' in head && head.branch === branch;
    return [
      ...(config === configText(pool) ? [] : [finding('config-changed', 'it is not as it was written')]),
      ...(head === null ? [finding('head-broken', 'HEAD leads to no branch and no commit')] : []),
      ...(head === null || isOnBranch ? [] : [finding('branch-wrong', `HEAD is not at ${branch}`)]),
      ...((await this.book.isKept(slot)) ? [] : [finding('record-broken', "the slot's own record can't be read")]),
    ];
  }

  private async byGit(slot: Slot, pool: Pool, at: Required<GitPlace>, depth: InspectionDepth, expected: string | null) {
    // Together: whoever is given a slot waits for both.
    const hasOwner = slot.state === 'ALLOCATED';
    const tip = hasOwner ? null : `refs/remotes/origin/${pool.branch}`;
    const [{ findings: refs, commit }, files, shallow] = await Promise.all([
      this.refs(pool, at, expected),
      hasOwner ? [] : lookAtFiles(this.git, at),
      pool.shallow === null ? [] : lookIntoShallow(this.git, at, { depth: pool.shallow, tip }),
    ]);
    const objects = await lookAtObjects(this.git, pool, at, depth);
    const modules = pool.submodules ? await this.submodules.look(pool, at, depth) : [];
    return { findings: [...refs, ...files, ...shallow, ...objects, ...modules], commit };
  }

  private async refs(
    { branch }: Pool,
    at: GitPlace,
    expected: string | null,
  ): Promise<{ findings: Finding[]; commit: string | null }> {
    const names = [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`, 'HEAD'];
    const [resolved, listed] = await Promise.all([
      this.git.look(['rev-parse', '--end-of-options', ...names.map((name) => `${name}^{commit}`)], {
        at,
        codes: [0, 1, 128],
      }),
      this.git.look(['for-each-ref', '--format=%(refname)'], { at, codes: 'any' }),
    ]);
    if (resolved.code !== 0) return { findings: [finding('ref-broken', resolved.said || 'a ref leads nowhere')], commit: null };
    const [remote, local, head] = resolved.text.trim().split('\n').slice(-3) as [string, string, string];
    const known = (name: string): boolean => name === `refs/heads/${branch}` || /^refs\/(remotes\/origin|tags)\//.test(name);
    const others = listed.text.split('\n').filter((name) => name !== '' && !known(name));
    const replacement = others.find((name) => name.startsWith('refs/replace/'));
    const found: Finding[] = [];
    if (expected !== null && remote !== expected) {
      found.push(finding('commit-unexpected', `origin/${branch} is ${remote}, not ${expected}`));
    }
    if (local !== remote || head !== remote) found.push(finding('unpushed-work', `${branch} is not at origin/${branch}`));
    if (replacement !== undefined) found.push(finding('ref-broken', `${replacement} puts one object in the place of another`));
    if (others.length > 0) found.push(finding('unpushed-work', `${others.slice(0, 3).join(', ')} beside ${branch}`));
    return { findings: found, commit: remote };
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function placeFinding(path: string): Promise<Finding | null> {
  const slot = await lstat(path).catch(absent);
  if (slot === null) return finding('folder-missing', 'its folder is gone');
  if (slot.isSymbolicLink()) return finding('path-escapes', 'its folder is a link to elsewhere');
  if (!slot.isDirectory()) return finding('folder-missing', 'there is a file in the place of its folder');
  const gitDir = await lstat(join(path, '.git')).catch(absent);
  return gitDir?.isDirectory() ? null : finding('git-folder-missing', gitDir === null ? '.git is gone' : '.git is no folder');
}

/** Git works for nobody in what belongs to another user. Some disks show other users than there are, but the same one for all. */
async function ownerFindings(path: string, root: string): Promise<Finding[]> {
  const [ours, ...theirs] = await Promise.all([root, path, join(path, '.git')].map(async (place) => (await lstat(place)).uid));
  const isOurs = theirs.every((uid) => uid === ours);
  return isOurs ? [] : [finding('foreign-owner', 'it belongs to another user than the folder of the pools')];
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

/** What git says of a file that can't be read is known better already. */
function withoutEchoes(findings: Finding[]): Finding[] {
  const isUnreadable = findings.some(({ kind }) => kind === 'unreadable');
  return isUnreadable ? findings.filter(({ kind }) => kind !== 'environment') : findings;
}
