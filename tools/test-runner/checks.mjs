import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup/folders.mjs';
import { nxEnvironment } from '../setup/nx-environment.mjs';

const timeoutMs = 900_000;
const checks = {
  lint: { program: 'eslint', args: ['.', '--max-warnings=0'] },
  typecheck: { program: 'tsc', args: ['--project', 'tsconfig.json'] },
  format: { program: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  unused: { program: 'knip', args: ['--no-progress'] },
};

/** Runs the checks side by side and adds them up in turn; what one that fails says goes to `output`. */
export async function runChecks(tally, output) {
  const runs = Object.entries(checks).map(([name, check]) => ({ name, done: runCheck(check) }));
  for (const { name, done } of runs) {
    const { passed, said, seconds } = await done;
    output.write(`${passed ? 'PASS' : 'FAIL'} ${name} (${seconds} s)\n${passed ? '' : `${said}\n`}`);
    tally.addCheck({ name, passed, seconds, message: said });
  }
}

function runCheck({ program, args }) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', '.bin', program), ...args], {
      cwd: root,
      env: { ...process.env, ...nxEnvironment },
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
