import { describe, expect, test } from '@jest/globals';
import { wholeCopies } from '../../slots/domain/slot.js';
import { headOf, isForeign, isGitLock, isTemporary, packedRefsFault, refFault } from './git-folder-rules.js';

const oid = 'a'.repeat(40);

describe('HEAD', () => {
  test.each([
    ['ref: refs/heads/main\n', { branch: 'main' }],
    ['ref: refs/heads/feature/one', { branch: 'feature/one' }],
    [`${oid}\n`, { commit: oid }],
    ['', null],
    ['ref: refs/funny/place\n', null],
    ['ref: refs/heads/../../x\n', null],
    [`${'0'.repeat(40)}\n`, null],
    [`${'a'.repeat(39)}\n`, null],
  ])('%j', (text, expected) => expect(headOf(text)).toEqual(expected));
});

describe('packed-refs', () => {
  const head = '# pack-refs with: peeled fully-peeled sorted \n';
  test.each([
    [`${head}${oid} refs/heads/a\n${oid} refs/tags/v1\n^${oid}\n`, true],
    [head, true],
    ['', false],
    [`${head}${oid} refs/heads/a`, false],
    [`${head}${oid} refs/tags/v1\n${oid} refs/heads/a\n`, false],
    [`${head}garbage\n`, false],
    [`${head}${'0'.repeat(40)} refs/heads/a\n`, false],
    [`${head}${oid} refs/heads/.a\n`, false],
  ])('%j is sound: %s', (text, isSound) => expect(packedRefsFault(text) === null).toBe(isSound));
});

test('a loose ref holds one object id, or leads to a ref', () => {
  expect(refFault('refs/heads/a', `${oid}\n`)).toBeNull();
  expect(refFault('refs/remotes/origin/HEAD', 'ref: refs/remotes/origin/main\n')).toBeNull();
  for (const text of ['', 'x\n', `${oid}\nmore`, 'ref: ../x\n']) expect(refFault('refs/heads/a', text)).not.toBeNull();
  expect(refFault('refs/heads/.a', `${oid}\n`)).not.toBeNull();
});

test('only what git itself leaves is taken for a lock or a leftover; what could change what git does is foreign', () => {
  for (const path of ['index.lock', 'refs/heads/a/b.lock', 'gc.pid', 'objects/info/commit-graph.lock']) {
    expect(isGitLock(path)).toBe(true);
  }
  for (const path of ['yarn.lock', 'objects/aa/x.lock', 'hooks/x.lock']) expect(isGitLock(path)).toBe(false);
  expect(isTemporary('objects/pack/tmp_pack_x')).toBe(true);
  expect(isTemporary('objects/pack/pack-x.pack')).toBe(false);
  for (const name of ['hooks', 'commondir', 'config.worktree', 'info', 'worktrees', 'modules']) {
    expect(isForeign(name, wholeCopies)).toBe(true);
  }
  for (const name of ['HEAD', 'objects', 'MERGE_HEAD', 'index.lock']) expect(isForeign(name, wholeCopies)).toBe(false);
  expect([null, 1].map((shallow) => isForeign('shallow', { ...wholeCopies, shallow }))).toEqual([true, false]);
});
