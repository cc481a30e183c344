import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root as repository } from '../setup/folders.mjs';

const minute = 60_000;
/** The limits are for tests that hang, on a machine of one busy core. */
const projects = {
  unit: { timeoutMs: 30 * minute, lanes: 2 },
  // They wait for a third of their time: for servers, for a message to come again, for a lease to end.
  integration: { timeoutMs: 90 * minute, lanes: Math.min(4, availableParallelism() + 1) },
  // Each has a whole platform: two keep two cores busy.
  system: { timeoutMs: 120 * minute, lanes: 2 },
};
/** From the last test's end to Jest's own: beyond it something is still open that a test forgot. */
const exitTimeoutMs = 30_000;
const pollMs = 500;

/** Runs the tests of one kind with Jest, whose talk goes to the file descriptor `output`, and adds them up. */
export async function runJestProject(tally, { kind, patterns, output }) {
  const startedAt = performance.now();
  const { result, fault } = await jestResultOf({ kind, patterns, output });
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  tally.addJest({ name: kind, result, fault: fault ?? (result ? undefined : 'Jest ended without a result'), seconds });
}

/** What Jest wrote of the tests of one kind in a tree, and what went wrong beside them. */
export async function jestResultOf({ kind, patterns, output, root = repository, workers = lanesOf(kind) }) {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-tests-'));
  const report = join(folder, 'report.json');
  try {
    const args = argumentsOf({ kind, patterns, report, root, workers });
    const fault = await runJest(args, { report, output, timeoutMs: projects[kind].timeoutMs, root });
    return { result: existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, fault };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lanesOf(kind) {
  return [`--maxWorkers=${projects[kind].lanes}`];
}

function argumentsOf({ kind, patterns, report, root, workers }) {
  return [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...['--selectProjects', kind],
    ...workers,
    ...['--passWithNoTests', '--json', `--outputFile=${report}`],
    ...(patterns.length > 0 ? ['--testPathPatterns', ...patterns] : []),
  ];
}

/** Resolves with what went wrong beside the tests themselves. */
function runJest(args, { report, output, timeoutMs, root }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', output, output] });
    const deadline = Date.now() + timeoutMs;
    let reportedAt;
    let fault;
    const watch = setInterval(() => {
      if (reportedAt === undefined && existsSync(report)) reportedAt = Date.now();
      if (Date.now() > deadline) fault = `the tests were not done after ${timeoutMs / minute} minutes`;
      else if (reportedAt && Date.now() - reportedAt > exitTimeoutMs) {
        fault = 'Jest did not end after its last test: a test leaves something open';
      }
      if (fault) child.kill('SIGKILL');
    }, pollMs);
    const end = (reason) => {
      clearInterval(watch);
      resolve(fault ?? reason);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(signal ? `Jest was ended by ${signal}` : undefined));
  });
}
