import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git, GitPlace } from '../git/process/git.js';
import { isCommitList } from './domain/git-folder-rules.js';
import { finding, type Finding } from './domain/finding.js';

/** Commits that one call of git is asked about. */
const commitsAtOnce = 500;

/** How much of the history has to be there. */
export interface WantedHistory {
  depth: number;
  /** The ref from which that is counted; null for a slot whose owner may have less. */
  tip: string | null;
}

/** What is wrong with the file that says where a shallow history ends. Without one, as much of the history has to be there as was asked for. */
export async function lookIntoShallow(git: Git, at: GitPlace, { depth, tip }: WantedHistory): Promise<Finding[]> {
  const text = await readFile(join(at.gitDir, 'shallow'), 'utf8').catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? null : '',
  );
  if (text === null) {
    const { code } = await git.look(['rev-list', '--count', '--first-parent', '-n', String(depth + 1), 'HEAD'], {
      at,
      codes: 'any',
    });
    return code === 0 ? [] : [finding('shallow-broken', 'it is gone, and the history ends all the same')];
  }
  if (!isCommitList(text)) return [finding('shallow-broken', 'it is no list of commits')];
  const commits = text.trimEnd().split('\n');
  for (let from = 0; from < commits.length; from += commitsAtOnce) {
    const asked = commits.slice(from, from + commitsAtOnce).map((commit) => `${commit}^{commit}`);
    const { code } = await git.look(['rev-parse', '--end-of-options', ...asked], { at, codes: 'any' });
    if (code !== 0) return [finding('shallow-broken', 'it names a commit that is not there')];
  }
  return tip === null ? [] : lookForMissingPart(git, at, { depth, tip }, commits);
}

/** A history may be shorter than was asked for where it begins, and nowhere else. */
async function lookForMissingPart(
  git: Git,
  at: GitPlace,
  { depth, tip }: { depth: number; tip: string },
  ends: readonly string[],
): Promise<Finding[]> {
  const { code, text } = await git.look(['rev-list', '--first-parent', '-n', String(depth), '--end-of-options', tip], {
    at,
    codes: 'any',
  });
  const commits = text.trimEnd().split('\n');
  if (code !== 0 || commits.length >= depth || !ends.includes(commits.at(-1) ?? '')) return [];
  return [finding('shallow-broken', `${commits.length} commits are there, and ${depth} were asked for`)];
}
