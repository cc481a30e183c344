import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectNpmRegistry } from '../fetch/npm-registry.mjs';
import { notesFolder, repositoryLock, root } from '../folders.mjs';
import { runProgram } from '../process/run-program.mjs';

const hour = 3_600_000;

/** The packages that package-lock.json names, installed without running any script of theirs. */
export function dependenciesStep({ environment }) {
  const note = join(notesFolder, 'dependencies');
  return {
    name: 'dependencies',
    activity: 'npm ci',
    lock: repositoryLock,
    advice: 'See whether npm reaches its registry (npm ping), then run the command again.',
    async check({ lookOnly = false } = {}) {
      const lockfile = readFileSync(join(root, 'package-lock.json'));
      const fingerprint = `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}\n`;
      if (existsSync(note)) return readFileSync(note, 'utf8') === fingerprint ? { summary: 'installed' } : undefined;
      if (!isInstalledByHand(lockfile)) return undefined;
      if (!lookOnly) write(note, fingerprint);
      return { summary: 'installed' };
    },
    async perform({ holding }) {
      await expectNpmRegistry({ environment, holding });
      rmSync(note, { force: true });
      const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      await runProgram('npm', args, { cwd: root, env: environment, timeoutMs: hour, holding });
    },
  };
}

/** npm keeps its own account of what it installed; when all of the lock is in it, someone else's `npm ci` did the work. */
function isInstalledByHand(lockfile) {
  const account = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = Object.entries(JSON.parse(lockfile).packages);
  const { packages: installed } = JSON.parse(readFileSync(account, 'utf8'));
  return wanted
    .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.optional)
    .every(([path, entry]) => installed[path]?.version === entry.version && installed[path]?.integrity === entry.integrity);
}

function write(path, text) {
  mkdirSync(notesFolder, { recursive: true });
  writeFileSync(path, text);
}
