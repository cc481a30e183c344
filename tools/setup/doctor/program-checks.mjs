import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isAtLeast } from '../pins.mjs';
import { runProgram } from '../process/run-program.mjs';

const timeoutMs = 5_000;
const pythonQuestion = `
import sys
from importlib import metadata
print(sys.version.split()[0])
try: print(metadata.version('pip'))
except Exception: print('')
`;

const onlyForWheels = "where the servers' releases can't be downloaded: their wheels need it, and nothing else does";

/** The programs that a fresh machine must have, and those that only some ways need. */
export async function programChecks(environment) {
  const [bash, node, python, git] = await Promise.all([
    answerOf('bash', ['--version']),
    answerOf('node', ['--version']),
    answerOf('python3', ['-c', pythonQuestion]),
    answerOf('git', ['--version']),
  ]);
  const [pythonVersion, pipVersion] = python?.split('\n') ?? [];
  return [
    check('bash', /\d+\.\d+\.\d+/.exec(bash ?? '')?.[0], 'missing', 'Install bash.'),
    checkNode(node),
    check('npm', npmVersion(environment), 'missing', 'Install npm: it comes with Node.js, or as the package "npm".'),
    check('python', pythonVersion, 'warn', `Install Python 3 with pip ${onlyForWheels}, except a lock where there is no flock.`),
    check('pip', pipVersion, 'warn', `Install pip (package "python3-pip") ${onlyForWheels}.`),
    check('git', git?.replace(/^git version /, ''), 'warn', 'Install git to get newer versions of Kintsugi.'),
  ];
}

function check(name, found, stateWithout, advice) {
  return found ? { name, state: 'ok', found } : { name, state: stateWithout, found: 'not found', advice };
}

function checkNode(version) {
  const found = version?.replace(/^v/, '');
  const advice = 'Install Node.js 20 or newer with npm.';
  if (!found) return { name: 'node', state: 'missing', found: 'not found', advice };
  return isAtLeast(found, '20.0.0') ? { name: 'node', state: 'ok', found } : { name: 'node', state: 'missing', found, advice };
}

async function answerOf(command, args) {
  try {
    return (await runProgram(command, args, { timeoutMs })).trim();
  } catch {
    return undefined;
  }
}

/** From npm's own files: asking npm takes longer than all the rest. */
function npmVersion(environment) {
  for (const folder of (environment.PATH ?? '').split(delimiter).filter(Boolean)) {
    if (!existsSync(join(folder, 'npm'))) continue;
    const packageFile = join(dirname(realpathSync(join(folder, 'npm'))), '..', 'package.json');
    try {
      return JSON.parse(readFileSync(packageFile, 'utf8')).version;
    } catch {
      return 'of an unknown version';
    }
  }
  return undefined;
}
