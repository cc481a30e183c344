import { describe, expect, test } from '@jest/globals';
import { patternOf } from './allowed-urls.js';
import { gitmodulesEntries, isSubmodulePath, refusalByGit, submoduleUrl } from './gitmodules.js';

const listed = (...lines: [string, string][]): string => lines.map(([key, value]) => `${key}\n${value}\0`).join('');

test('.gitmodules is read by name, whatever dots and lines a name has', () => {
  const text = listed(
    ['submodule.a.b.path', 'libs/a'],
    ['submodule.a.b.url', '../a'],
    ['submodule.two.url', 'https://host/two'],
    ['submodule.two.path', 'two'],
    ['submodule.two.update', 'rebase'],
    ['submodule.nowhere.url', 'https://host/nowhere'],
    ['core.sshcommand', 'touch canary'],
  );
  expect(gitmodulesEntries(text)).toEqual([
    { path: 'libs/a', url: '../a' },
    { path: 'two', url: 'https://host/two' },
  ]);
});

test.each([
  ['a program', [['submodule.a.update', '!touch canary']], 'names a program'],
  ['a program behind blanks', [['submodule.a.update', ' \t!touch canary']], 'names a program'],
  ['a path out of the working copy', [['submodule.a.path', '../a']], 'at a path'],
  ['no url', [['submodule.a.path', 'a']], 'no url'],
  [
    'two paths',
    [
      ['submodule.a.path', 'a'],
      ['submodule.a.path', 'b'],
    ],
    'two values of path',
  ],
] as [string, [string, string][], string][])('%s is refused', (_what, lines, why) => {
  expect(() => gitmodulesEntries(listed(...lines))).toThrow(why);
});

test('a submodule is at a path below, in no .git folder and never like an option', () => {
  expect(['lib', 'libs/a b', '.github', 'a/.gitignore', 'git~', 'ü'].filter((path) => !isSubmodulePath(path))).toEqual([]);
  const bad = ['', '/a', 'a/', 'a//b', '.', './a', 'a/..', '-a', 'a/-b', '.git', 'a/.GIT/b', '.git ', 'git~1', 'a\\b', 'a\nb'];
  expect(bad.filter((path) => isSubmodulePath(path))).toEqual([]);
});

describe('the url of a submodule', () => {
  const patterns = [patternOf('https://host/acme/*') as RegExp];
  const from = (base: string, url: string): string => submoduleUrl(base, { path: 'lib', url }, patterns);

  test.each([
    ['../lib', 'https://host/acme/lib'],
    ['../../acme/lib/', 'https://host/acme/lib'],
    ['./lib', 'https://host/acme/app/lib'],
    ['./../lib', 'https://host/acme/lib'],
    ['https://host/acme/other', 'https://host/acme/other'],
  ])('%s begins at that of its repository', (url, resolved) => {
    expect(from('https://host/acme/app', url)).toBe(resolved);
    expect(from('https://host/acme/app/', url)).toBe(resolved);
  });

  test.each([
    ['https://elsewhere/acme/lib', 'POOL_ALLOWED_URLS'],
    ['../../other/lib', 'POOL_ALLOWED_URLS'],
    ['../../../../lib', 'out of its host'],
    ['--upload-pack=touch canary', "can't be used"],
    ['-uexec', "can't be used"],
    ['ext::sh -c touch% canary', "can't be used"],
    ['/etc', "can't be used"],
    ['https://user:secret@host/acme/lib', "can't be used"],
    ['../-oProxyCommand=x', "can't be used"],
  ])('%s is refused', (url, why) => {
    expect(() => from('https://host/acme/app', url)).toThrow(why);
  });
});

test('what git takes from nobody is told from a repository that is broken', () => {
  const said = (what: string): string =>
    `Cloning into bare repository 'b'...\nerror: object 29c7: ${what}\nfatal: fsck error in packed object\n`;
  expect(refusalByGit(said('gitmodulesUpdate: disallowed submodule update setting: !touch canary'))?.evidence).toBe(
    'error: object 29c7: gitmodulesUpdate: disallowed submodule update setting: !touch canary',
  );
  expect(refusalByGit(said('gitmodulesMissing: unable to read .gitmodules blob'))).toBeNull();
  expect(refusalByGit(said('missingSpaceBeforeDate: invalid author'))).toBeNull();
});
