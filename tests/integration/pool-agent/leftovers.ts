import { appendFileSync, chmodSync, mkdirSync, symlinkSync, truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Rung } from '../../../apps/pool-agent/src/inspection/domain/finding.js';
import { commitOf, oldFile, put, setByte, type CorruptionCase } from './patient.js';
import { git } from './repository.js';

const metadata: Rung[] = ['metadata'];
const objects: Rung[] = ['objects'];

/** What is left behind by git, and by whoever worked in the slot. */
export const leftovers: CorruptionCase[] = [
  {
    name: 'a log of a ref leads to a commit that is not there',
    harm: ({ gitDir }) => put(join(gitDir, 'logs/HEAD'), `${'1'.repeat(40)} ${'2'.repeat(40)} a <a@a> 1700000000 +0000\tx\n`),
    ...{ finds: 'ref-broken', rungs: metadata },
  },
  {
    name: '26 the checksum of the index is wrong',
    harm: ({ gitDir }) => setByte(join(gitDir, 'index'), -1),
    finds: 'index-broken',
    rungs: metadata,
  },
  {
    name: '27 the index is cut short',
    harm: ({ gitDir }) => truncateSync(join(gitDir, 'index'), 30),
    finds: 'index-broken',
    rungs: metadata,
  },
  {
    name: '27 the index is gone',
    harm: ({ gitDir }) => unlinkSync(join(gitDir, 'index')),
    finds: 'index-broken',
    rungs: metadata,
  },
  {
    name: '26 the index makes git crash',
    // The kind of a file that there is none of.
    harm: ({ gitDir }) => setByte(join(gitDir, 'index'), 38),
    ...{ finds: 'index-broken', rungs: metadata },
  },
  {
    name: '28 the index leads to a missing blob',
    harm: ({ path }) => void git(path, 'update-index', '--add', '--cacheinfo', `100644,${'2'.repeat(40)},README`),
    ...{ finds: 'files-changed', rungs: objects },
  },
  {
    name: '29 an old index.lock is left',
    harm: ({ gitDir }) => oldFile(join(gitDir, 'index.lock')),
    finds: 'git-lock',
    rungs: ['stale-files'],
  },
  ...[
    ...['HEAD.lock', 'config.lock', 'shallow.lock', 'packed-refs.lock', 'refs/heads/main.lock', 'gc.pid'],
    'objects/info/commit-graphs/commit-graph-chain.lock',
  ].map((name): CorruptionCase => ({
    ...{ name: `31 ${name} is left`, harm: ({ gitDir }) => oldFile(join(gitDir, name)) },
    ...{ finds: 'git-lock', rungs: ['stale-files'] },
  })),
  {
    name: '32 half-written objects are left',
    harm: ({ gitDir }) => (put(join(gitDir, 'objects/pack/tmp_pack_x'), 'x'), put(join(gitDir, 'objects/aa/tmp_obj_x'), 'x')),
    ...{ finds: 'temporary-file', rungs: ['stale-files'] },
  },
  ...['MERGE_HEAD', 'BISECT_LOG'].map((name): CorruptionCase => ({
    ...{ name: `33 ${name} is left`, harm: (patient) => put(join(patient.gitDir, name), `${commitOf(patient)}\n`) },
    ...{ finds: 'operation-unfinished', rungs: ['stale-files'] },
  })),
  {
    name: '33 a rebase is left in the middle',
    harm: ({ gitDir }) => put(join(gitDir, 'rebase-merge/head-name'), 'refs/heads/main\n'),
    ...{ finds: 'operation-unfinished', rungs: ['stale-files'] },
  },
  {
    name: '34 a file is changed',
    harm: ({ path }) => appendFileSync(join(path, 'README'), 'x'),
    finds: 'files-changed',
    rungs: ['clean'],
  },
  { name: '34 a file is gone', harm: ({ path }) => unlinkSync(join(path, 'README')), finds: 'files-changed', rungs: ['clean'] },
  {
    name: '34 there is junk, with names that bite',
    harm: ({ path }) => {
      for (const name of ['-f', 'a\nb', '"', 'build/x', 'deep/er/y']) put(join(path, name), 'x');
      mkdirSync(join(path, 'inner'));
      git(join(path, 'inner'), 'init', '-q');
      symlinkSync('/etc/passwd', join(path, 'link'));
    },
    ...{ finds: 'files-changed', rungs: ['clean'] },
  },
  {
    name: '34 there is a folder that may not be written',
    harm: ({ path }) => (put(join(path, 'locked/x'), 'x'), chmodSync(join(path, 'locked'), 0o555)),
    ...{ finds: 'files-changed', rungs: ['clean'] },
  },
  {
    name: '35 there is a commit that was not pushed',
    harm: ({ path }) => (put(join(path, 'new'), 'x'), git(path, 'add', '.'), void git(path, 'commit', '-q', '-m', 'Mine')),
    ...{ finds: 'unpushed-work', rungs: ['clean'] },
  },
  {
    name: '35 there is a stash',
    harm: ({ path }) => (appendFileSync(join(path, 'README'), 'x'), void git(path, 'stash', '-q')),
    ...{ finds: 'unpushed-work', rungs: ['clean'] },
  },
];
