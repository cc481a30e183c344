import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceOf } from '../git/domain/git-failure.js';
import { type Git, type GitPlace } from '../git/process/git.js';
import type { Pool } from '../slots/domain/slot.js';
import { finding, type Finding } from './domain/finding.js';

/** `quick` reads no objects, `connectivity` looks whether all are there, `full` reads each. */
export type InspectionDepth = 'quick' | 'connectivity' | 'full';

const fsckTimeoutMs = 900_000;

/** Files that are not as the commit says. */
export async function lookAtFiles(git: Git, at: GitPlace): Promise<Finding[]> {
  const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignored=matching'];
  const { code, text, said } = await git.look([...args, '--ignore-submodules=all'], { at, codes: [0, 128] });
  if (code !== 0) return [finding('index-broken', said)];
  const changed = text.split('\0').filter((line) => line !== '');
  return changed.length === 0 ? [] : [finding('files-changed', evidenceOf(changed.slice(0, 3).join(', ')))];
}

/** Objects that are not there, or not what their names say. */
export async function lookAtObjects(
  git: Git,
  { partial }: Pick<Pool, 'partial'>,
  at: Required<GitPlace>,
  depth: InspectionDepth,
): Promise<Finding[]> {
  if (depth === 'quick') return [];
  // Copied, since git reads no logs through a link. What is no folder of logs is none of its business.
  await cp(join(at.workTree, '.git', 'logs'), join(at.gitDir, 'logs'), { recursive: true, verbatimSymlinks: true }).catch(
    () => undefined,
  );
  const how = depth === 'full' ? '--full' : '--connectivity-only';
  const promises = partial === null ? [] : ['-c', 'remote.origin.promisor=true'];
  const args = [...promises, 'fsck', how, '--no-dangling', '--no-progress'];
  const { code, said } = await git.look(args, { at, codes: 'any', timeoutMs: fsckTimeoutMs });
  if (code === 0) return [];
  if (isOfReflogs(said)) return [finding('ref-broken', said)];
  const found: Finding[] = [];
  // The end of fsck is a mask: objects, what is reachable, packs, refs; then the files that only make git faster.
  if (code & 0b111 || code >= 128) found.push(finding('objects-broken', said));
  if (code & 0b1000 && code < 128) found.push(finding('ref-broken', said));
  if (code & 0b1110000 && code < 128) found.push(finding('cache-broken', said));
  return found.length > 0 ? found : [finding('objects-broken', said)];
}

/** What fsck says of a log that leads to a commit that is not there; it calls that a broken object. */
function isOfReflogs(said: string): boolean {
  return said !== '' && said.split('\n').every((line) => line.includes('reflog entry'));
}
