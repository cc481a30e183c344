import { isBranchName } from '../../git/domain/git-manners.js';
import type { PoolOptions } from '../../slots/domain/slot.js';

/** What the files of a .git folder may look like, judged by their text alone: git itself would trip over some, and act on others. */

/** Lock files by name: git leaves them when it is killed. No other file is taken for one. */
const lockNames = ['index.lock', 'HEAD.lock', 'config.lock', 'shallow.lock', 'packed-refs.lock', 'ORIG_HEAD.lock', 'gc.pid'];
const lockPlaces = [
  /^refs\/.*\.lock$/,
  /^logs\/.*\.lock$/,
  /^objects\/info\/(commit-graph|commit-graphs\/commit-graph-chain)\.lock$/,
  /^objects\/pack\/multi-pack-index\.lock$/,
];

export function isGitLock(path: string): boolean {
  return lockNames.includes(path) || lockPlaces.some((place) => place.test(path));
}

export function isTemporary(path: string): boolean {
  return path === 'packed-refs.new' || /^objects\/(pack|[0-9a-f]{2})\/\.?tmp_[^/]*$/.test(path) || /^gc\.log/.test(path);
}

/** What git keeps of an operation that has not ended. */
export const unfinishedNames = [
  ...['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'MERGE_AUTOSTASH', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'REBASE_HEAD', 'SQUASH_MSG'],
  ...['BISECT_LOG', 'BISECT_START', 'BISECT_NAMES', 'BISECT_TERMS', 'BISECT_EXPECTED_REV', 'AUTO_MERGE'],
  ...['rebase-merge', 'rebase-apply', 'sequencer'],
];

/** What lies in the .git folder of a sound slot, and what git may add there without any harm. */
const knownNames = [
  ...['HEAD', 'config', 'index', 'objects', 'refs', 'packed-refs', 'logs', 'description', 'branches'],
  ...['ORIG_HEAD', 'FETCH_HEAD', 'COMMIT_EDITMSG'],
];

/** Whether it could change what git does, and is none of those that are told of elsewhere. `shallow` is at home in copies of a part of the history. */
export function isForeign(name: string, { shallow }: Pick<PoolOptions, 'shallow'>): boolean {
  if (name === 'shallow') return shallow === null;
  return !knownNames.includes(name) && !unfinishedNames.includes(name) && !isGitLock(name) && !isTemporary(name);
}

const oid = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isObjectId(text: string): boolean {
  return oid.test(text) && !/^0+$/.test(text);
}

/** Whether a text is a list of commits, one a line. */
export function isCommitList(text: string): boolean {
  return text.endsWith('\n') && text.slice(0, -1).split('\n').every(isObjectId);
}

/** Where HEAD leads: a branch, a commit, or null where it is broken. */
export function headOf(text: string): { branch: string } | { commit: string } | null {
  const branch = /^ref: refs\/heads\/([^\n]+)\n?$/.exec(text)?.[1];
  if (branch !== undefined) return isBranchName(branch) ? { branch } : null;
  const commit = text.trimEnd();
  return isObjectId(commit) ? { commit } : null;
}

/** What is wrong with a loose ref; null for nothing. */
export function refFault(name: string, text: string): string | null {
  if (!isBranchName(name)) return `${JSON.stringify(name)} can't be the name of a ref`;
  if (text === '') return `${name} is empty`;
  const target = /^ref: (refs\/[^\n]+)\n?$/.exec(text)?.[1];
  if (target !== undefined) return isBranchName(target) ? null : `${name} leads to no ref`;
  return /^[0-9a-f]+\n$/.test(text) && isObjectId(text.trimEnd()) ? null : `${name} holds no object id`;
}

/** What is wrong with packed-refs; null for nothing. */
export function packedRefsFault(text: string): string | null {
  if (text === '') return 'it is empty';
  if (!text.endsWith('\n')) return 'its last line has no end';
  const lines = text.slice(0, -1).split('\n');
  const isSorted = /^# pack-refs with:.*\bsorted\b/.test(lines[0] as string);
  let last = '';
  for (const [index, line] of lines.entries()) {
    if (index === 0 && line.startsWith('# pack-refs with: ')) continue;
    if (line.startsWith('^') && index > 0 && isObjectId(line.slice(1))) continue;
    const parts = /^([0-9a-f]+) (refs\/\S+)$/.exec(line);
    if (!parts || !isObjectId(parts[1] as string) || !isBranchName(parts[2] as string)) return `line ${index + 1} is no ref`;
    const name = parts[2] as string;
    if (isSorted && name <= last) return `line ${index + 1} is out of order`;
    last = name;
  }
  return null;
}
