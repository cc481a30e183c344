import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { git, makeRepository } from './repository.js';

/** The same as `git submodule add`, of whatever anybody may commit. */
export function pin(folder: string, path: string, url: string, commit: string, more: [string, string][] = []): void {
  const name = `submodule.${path}`;
  for (const [key, value] of [['path', path], ['url', url], ...more] as [string, string][]) {
    git(folder, 'config', '-f', '.gitmodules', `${name}.${key}`, value);
  }
  git(folder, 'add', '.gitmodules');
  git(folder, 'update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
  git(folder, 'commit', '-q', '-m', `Pin ${path}`);
}

export const tip = (folder: string, name = 'HEAD'): string => git(folder, 'rev-parse', name).trim();

/** `app` has `libs/one`, which has `deep`; on `older` it is at an older commit, and on `next` there is none. */
export function makeRepositories(root: string): { app: string; lib: string } {
  const [app, lib, deep] = ['app', 'lib', 'deep'].map((name) => join(root, name)) as [string, string, string];
  for (const folder of [app, lib, deep]) makeRepository(folder);
  const old = tip(lib);
  pin(lib, 'deep', '../deep', tip(deep));
  pin(app, 'libs/one', '../lib', old);
  git(app, 'branch', 'older');
  pin(app, 'libs/one', '../lib', tip(lib));
  return { app, lib };
}

/** By git as a person has it. */
export function expectWhole(path: string, commit: string): void {
  expect(
    git(path, 'submodule', 'status', '--recursive').replaceAll(/^.|[0-9a-f]{40}| \(.*\)$/gm, (part) =>
      part.length > 1 ? '' : part,
    ),
  ).toBe('  libs/one\n  libs/one/deep\n');
  expect(git(path, 'status', '--porcelain', '--ignored')).toBe('');
  for (const folder of [path, join(path, 'libs/one'), join(path, 'libs/one/deep')]) {
    expect(git(folder, 'fsck', '--full', '--no-dangling', '--no-progress')).toBe('');
    expect(existsSync(join(folder, '.git', 'hooks'))).toBe(false);
    expect(readFileSync(join(folder, 'README'), 'utf8')).toBe('round 3\n');
  }
  expect(tip(join(path, 'libs/one'))).toBe(commit);
}
