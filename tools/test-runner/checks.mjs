import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup/folders.mjs';

const timeoutMs = 900_000;
/** What Prettier remembers of the files that stayed the same. For ESLint and tsc a file may change by what stands in another. */
const formatted = join(root, '.nx', 'formatted');

/** The checks of the whole tree, targets of tools/tidy. */
export const checks = {
  lint: { program: 'eslint', args: ['.', '--max-warnings=0'] },
  typecheck: { program: 'tsc', args: ['--project', 'tsconfig.json'] },
  pages: { program: 'tsc', args: ['--project', 'apps/console/tsconfig.json'] },
  format: {
    program: 'prettier',
    args: ['--check', '--log-level=warn', '--cache', '--cache-strategy=content', `--cache-location=${formatted}`, '.'],
  },
  unused: { program: 'knip', args: ['--no-progress'] },
};

export function runCheck({ program, args }) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', '.bin', program), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    const end = (passed) =>
      resolve({ passed, said: said.trim(), seconds: Math.round((performance.now() - startedAt) / 100) / 10 });
    child.once('error', (error) => {
      said += error.message;
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}
