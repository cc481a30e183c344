import { appendFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rung } from '../../../apps/pool-agent/src/inspection/domain/finding.js';
import { put, type CorruptionCase } from './patient.js';
import { git } from './repository.js';

const metadata: Rung[] = ['metadata'];

/** What breaks where things are, and where the branch is. */
export const brokenRefs: CorruptionCase[] = [
  {
    name: '1 the folder is gone',
    harm: ({ path }) => rmSync(path, { recursive: true }),
    finds: 'folder-missing',
    rungs: ['re-clone'],
  },
  {
    name: '1 a file is in its place',
    harm: ({ path }) => (rmSync(path, { recursive: true }), writeFileSync(path, 'x')),
    ...{ finds: 'folder-missing', rungs: ['re-clone'] },
  },
  {
    name: '2 .git is gone',
    harm: ({ gitDir }) => rmSync(gitDir, { recursive: true }),
    finds: 'git-folder-missing',
    rungs: ['re-clone'],
  },
  {
    name: '3 .git is a file that leads nowhere',
    harm: ({ gitDir }) => (rmSync(gitDir, { recursive: true }), writeFileSync(gitDir, 'gitdir: /nonexistent\n')),
    ...{ finds: 'git-folder-missing', rungs: ['re-clone'] },
  },
  { name: '4 HEAD is empty', harm: ({ gitDir }) => put(join(gitDir, 'HEAD'), ''), finds: 'head-broken', rungs: metadata },
  {
    name: '4 HEAD is garbage',
    harm: ({ gitDir }) => put(join(gitDir, 'HEAD'), '\0garbage'),
    finds: 'head-broken',
    rungs: metadata,
  },
  {
    name: '4 HEAD is zeros',
    harm: ({ gitDir }) => put(join(gitDir, 'HEAD'), `${'0'.repeat(40)}\n`),
    finds: 'head-broken',
    rungs: metadata,
  },
  { name: '4 HEAD is gone', harm: ({ gitDir }) => unlinkSync(join(gitDir, 'HEAD')), finds: 'head-broken', rungs: metadata },
  {
    name: '5 HEAD leads to a funny place',
    harm: ({ gitDir }) => put(join(gitDir, 'HEAD'), 'ref: refs/funny/place\n'),
    ...{ finds: 'head-broken', rungs: metadata },
  },
  {
    name: '6 HEAD is detached',
    harm: ({ path }) => void git(path, 'checkout', '-q', '--detach'),
    finds: 'branch-wrong',
    rungs: ['clean'],
  },
  {
    name: '6 HEAD is at another branch',
    harm: ({ path }) => void git(path, 'checkout', '-q', 'next'),
    finds: 'branch-wrong',
    rungs: ['metadata', 'clean'],
  },
  {
    name: '7 the branch leads to a missing commit',
    harm: ({ gitDir }) => put(join(gitDir, 'refs/heads/main'), `${'1'.repeat(40)}\n`),
    ...{ finds: 'ref-broken', rungs: metadata },
  },
  {
    name: '8 a loose ref is empty',
    harm: ({ gitDir }) => put(join(gitDir, 'refs/heads/main'), ''),
    finds: 'ref-broken',
    rungs: metadata,
  },
  {
    name: '9 a branch leads to a tree',
    harm: ({ gitDir, path }) => put(join(gitDir, 'refs/heads/main'), git(path, 'rev-parse', 'HEAD^{tree}')),
    ...{ finds: 'ref-broken', rungs: metadata },
  },
  {
    name: '10 packed-refs has garbage',
    harm: ({ gitDir }) => appendFileSync(join(gitDir, 'packed-refs'), 'garbage\n'),
    ...{ finds: 'packed-refs-broken', rungs: metadata },
  },
  {
    name: '10 packed-refs is cut short',
    harm: ({ gitDir }) => truncateSync(join(gitDir, 'packed-refs'), 60),
    ...{ finds: 'packed-refs-broken', rungs: metadata },
  },
  {
    name: '11 a ref has a bad name',
    harm: ({ gitDir, path }) => put(join(gitDir, 'refs/heads/.x'), git(path, 'rev-parse', 'HEAD')),
    ...{ finds: 'ref-broken', rungs: metadata },
  },
];
