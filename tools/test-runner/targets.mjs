import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup/folders.mjs';
import { nxEnvironment } from '../setup/nx-environment.mjs';
import { checks } from './checks.mjs';
import { projectsWith, readReport, removeReport } from './report.mjs';
import { ofManyRuns } from './tally.mjs';

const parallel = 2;

/**
 * Runs targets of all projects by nx, whose talk goes to the file descriptor `output`, and adds them up. What has passed
 * with the same inputs is not run again: nx brings its report back.
 */
export async function runTargets(tally, { targets, output }) {
  const startedAt = performance.now();
  const runs = targets.flatMap((target) => projectsWith(target).map((project) => ({ target, project })));
  for (const { target, project } of runs) removeReport(project, target);
  const fault = await runNx(targets, output);
  const reports = runs.map((run) => ({ ...run, report: readReport(run.project, run.target) }));
  for (const { target: name, report } of reports.filter(({ target }) => target in checks)) {
    const { passed, seconds, said } = report ?? { passed: false, seconds: 0, said: fault ?? 'it ended without a report' };
    tally.addCheck({ name, passed, seconds, message: said });
  }
  if (!targets.includes('test')) return;
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const runsOfJest = reports.filter(({ target }) => target === 'test').map(({ project, report }) => ({ project, ...report }));
  tally.addJest({ name: 'unit', ...ofManyRuns(runsOfJest), seconds });
}

/** Resolves with what kept nx from running the targets; which of them failed is told by their reports. */
function runNx(targets, output) {
  const args = ['run-many', '-t', ...targets, `--parallel=${parallel}`, '--output-style=static', '--nxBail=false'];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'), ...args], {
      cwd: root,
      env: { ...process.env, ...nxEnvironment },
      stdio: ['ignore', output, output],
    });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `nx ended with ${signal ?? code}`));
  });
}
