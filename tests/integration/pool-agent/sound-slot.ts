import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { git } from './repository.js';

/** By git as a person has it: nothing of ours says whether the slot is sound. */
export function expectSound(path: string, tree: string): void {
  expect(git(path, 'fsck', '--full', '--no-dangling', '--no-progress')).toBe('');
  expect(git(path, 'status', '--porcelain', '--ignored')).toBe('');
  expect(git(path, 'symbolic-ref', 'HEAD').trim()).toBe('refs/heads/main');
  expect(git(path, 'rev-parse', 'HEAD^{tree}')).toBe(tree);
  expect(git(path, 'for-each-ref', '--format=%(refname)', 'refs/heads').trim()).toBe('refs/heads/main');
  expect(readFileSync(join(path, 'README'), 'utf8')).toBe('round 3\n');
  expect(existsSync(join(path, '.git', 'hooks'))).toBe(false);
}
