import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Rung } from '../../../apps/pool-agent/src/inspection/domain/finding.js';
import { commitOf, payload, put, script, type CorruptionCase } from './patient.js';
import { git } from './repository.js';

const metadata: Rung[] = ['metadata'];

/** What somebody has put there, and what leads elsewhere. */
export const foreignSlots: CorruptionCase[] = [
  {
    name: '36 the configuration is no configuration',
    harm: ({ gitDir }) => put(join(gitDir, 'config'), '[core\n'),
    finds: 'config-changed',
    rungs: metadata,
  },
  {
    name: '37 the configuration names programs to run',
    harm: (patient) => {
      const run = script(patient);
      const { gitDir, path } = patient;
      const sections = [
        `[core]\n\tfsmonitor = ${run}\n\thooksPath = ${patient.outside}\n\tsshCommand = ${run}\n\teditor = ${run}\n\tpager = ${run}`,
        `[filter "evil"]\n\tclean = ${run}\n\tsmudge = ${run}\n\trequired = true\n[diff "evil"]\n\ttextconv = ${run}\n\tcommand = ${run}`,
        `[alias]\n\tstatus = !${run}\n[include]\n\tpath = ${run}\n[credential]\n\thelper = !${run}\n[uploadpack]\n\tpackObjectsHook = ${run}`,
      ];
      appendFileSync(join(gitDir, 'config'), `${sections.join('\n')}\n`);
      put(join(gitDir, 'info/attributes'), '* filter=evil diff=evil\n');
      put(join(path, '.gitattributes'), '* filter=evil diff=evil\n');
    },
    ...{ finds: 'config-changed', rungs: ['metadata', 'clean'] },
  },
  {
    name: '37 the configuration is that of another folder',
    harm: (patient) => {
      const common = join(patient.outside, 'common');
      cpSync(patient.gitDir, common, { recursive: true });
      appendFileSync(join(common, 'config'), `[core]\n\tfsmonitor = ${script(patient)}\n`);
      put(join(patient.gitDir, 'commondir'), `${common}\n`);
    },
    ...{ finds: 'foreign-file', rungs: metadata },
  },
  {
    name: '38 there are hooks',
    harm: (patient) => {
      for (const name of ['post-checkout', 'pre-commit', 'reference-transaction', 'post-index-change']) {
        put(join(patient.gitDir, 'hooks', name), payload(patient.canary));
        chmodSync(join(patient.gitDir, 'hooks', name), 0o755);
      }
    },
    ...{ finds: 'hook-present', rungs: metadata },
  },
  {
    name: '39 the remote is another, with a password',
    harm: ({ gitDir }) => {
      const text = readFileSync(join(gitDir, 'config'), 'utf8').replace(/url = .*/, 'url = https://me:secret@evil.example/x');
      put(join(gitDir, 'config'), text);
    },
    ...{ finds: 'config-changed', rungs: metadata },
  },
  {
    name: '40 objects are borrowed from a folder that is gone',
    harm: ({ gitDir }) => put(join(gitDir, 'objects/info/alternates'), '/nonexistent/objects\n'),
    ...{ finds: 'alternates-present', rungs: metadata },
  },
  {
    name: '42 the history is said to be shallow',
    harm: (patient) => put(join(patient.gitDir, 'shallow'), `${commitOf(patient)}\n`),
    finds: 'shallow-present',
    rungs: metadata,
  },
  {
    name: '42 shallow is garbage',
    harm: ({ gitDir }) => put(join(gitDir, 'shallow'), 'garbage'),
    finds: 'shallow-present',
    rungs: metadata,
  },
  {
    name: '44 a linked working tree is gone',
    harm: ({ path, outside }) => (
      git(path, 'worktree', 'add', '-q', '--detach', join(outside, 'tree')),
      rmSync(join(outside, 'tree'), { recursive: true })
    ),
    ...{ finds: 'foreign-file', rungs: metadata },
  },
  {
    name: '45 a linked working tree was moved',
    harm: ({ path, outside }) => (
      git(path, 'worktree', 'add', '-q', '--detach', join(outside, 'tree')),
      renameSync(join(outside, 'tree'), join(outside, 'moved'))
    ),
    ...{ finds: 'foreign-file', rungs: metadata },
  },
  {
    name: '46 a submodule is broken',
    harm: ({ gitDir }) => put(join(gitDir, 'modules/lib/HEAD'), 'x'),
    finds: 'foreign-file',
    rungs: metadata,
  },
  {
    name: '50 the folder is a link to elsewhere',
    harm: ({ path, outside }) => (renameSync(path, join(outside, 'moved')), symlinkSync(join(outside, 'moved'), path)),
    ...{ finds: 'path-escapes', rungs: [], end: 'isolated' },
  },
  {
    name: '50 objects/ is a link to elsewhere',
    harm: ({ gitDir, outside }) => (
      renameSync(join(gitDir, 'objects'), join(outside, 'objects')),
      symlinkSync(join(outside, 'objects'), join(gitDir, 'objects'))
    ),
    ...{ finds: 'foreign-file', rungs: metadata },
  },
  {
    name: '54 there is another project in it',
    harm: ({ path }) => {
      rmSync(path, { recursive: true });
      mkdirSync(path);
      git(path, 'init', '-q', '-b', 'main');
      writeFileSync(join(path, 'other'), 'x');
      git(path, 'add', '.');
      git(path, 'commit', '-q', '-m', 'Other');
    },
    ...{ finds: 'config-changed', rungs: ['metadata', 'clean'] },
  },
  // Only root may give a folder away.
  ...(process.getuid?.() === 0 ? ['.', '.git'] : []).map((place): CorruptionCase => ({
    ...{ name: `55 another user owns ${place}`, harm: ({ path }) => chownSync(join(path, place), 65_534, 65_534) },
    ...{ finds: 'foreign-owner', rungs: ['re-clone'] },
  })),
  {
    name: 'refs/ is gone',
    harm: ({ gitDir }) => (rmSync(join(gitDir, 'refs'), { recursive: true }), rmSync(join(gitDir, 'packed-refs'))),
    ...{ finds: 'ref-broken', rungs: metadata },
  },
  {
    name: 'objects/ is gone',
    harm: ({ gitDir }) => rmSync(join(gitDir, 'objects'), { recursive: true }),
    finds: 'objects-broken',
    rungs: ['objects'],
  },
  {
    name: 'an object is replaced by another',
    harm: ({ path }) => void git(path, 'replace', 'HEAD', 'HEAD~1'),
    ...{ finds: 'ref-broken', rungs: metadata },
  },
  { name: 'nothing is wrong', harm: () => undefined, finds: null, rungs: [], end: 'healthy' },
];
