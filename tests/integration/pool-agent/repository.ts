import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
const environment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** git as a person would use it, in a folder. */
export function git(folder: string, ...args: string[]): string {
  return gitAt({}, folder, args);
}

function gitAt(time: Record<string, string>, folder: string, args: readonly string[]): string {
  return execFileSync('git', [...author, ...args], {
    cwd: folder,
    env: { ...environment, ...time },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A small repository with three commits, two branches and a tag: the same bytes each time, so that damage by a seed is the same. */
export function makeRepository(folder: string, format: 'sha1' | 'sha256' = 'sha1'): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main', `--object-format=${format}`);
  mkdirSync(join(folder, 'src'));
  for (const round of [1, 2, 3]) {
    writeFileSync(join(folder, 'README'), `round ${round}\n`);
    writeFileSync(join(folder, 'src', `part-${round}.txt`), `${'text '.repeat(200)}${round}\n`);
    writeFileSync(join(folder, '.gitignore'), 'build/\n');
    git(folder, 'add', '.');
    const at = `${1_700_000_000 + round} +0000`;
    gitAt({ GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at }, folder, ['commit', '-q', '-m', `Round ${round}`]);
  }
  git(folder, 'tag', 'v1');
  git(folder, 'branch', 'next', 'HEAD~1');
  return `file://${folder}`;
}
