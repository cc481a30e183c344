import { exitCodes } from '../setup/setup-error.mjs';
import { checks } from './checks.mjs';
import { runJestProject } from './jest-project.mjs';
import { replayPlantedBugs } from './planted/replay.mjs';
import { readArguments } from './read-arguments.mjs';
import { Tally, gist } from './tally.mjs';
import { runTargets } from './targets.mjs';

/** `./kintsugi test`, after the set-up: runs checks and tests, says the figures on the last line, resolves with the exit code. */
export async function runTests(args) {
  const { kinds, patterns, json, whole, planted } = readArguments(args);
  const startedAt = performance.now();
  const tally = new Tally();
  const output = json ? process.stderr : process.stdout;
  if (planted) await replayPlantedBugs(tally, { patterns, output });
  else {
    // Of the tests of a pattern, and of those with real servers, no result is kept.
    const kept = [whole ? Object.keys(checks) : [], patterns.length === 0 && kinds.includes('unit') ? ['test'] : []].flat();
    if (kept.length > 0) await runTargets(tally, { targets: kept, output: output.fd });
    const others = kinds.filter((kind) => kind !== 'unit' || patterns.length > 0);
    for (const kind of others) await runJestProject(tally, { kind, patterns, output: output.fd });
  }
  const isEmpty = tally.passed + tally.failed + tally.skipped === 0;
  tell(tally, { output, json, planted, isEmpty, seconds: Math.round((performance.now() - startedAt) / 100) / 10 });
  return tally.failed > 0 || isEmpty ? exitCodes.failed : exitCodes.ok;
}

function tell(tally, { output, json, planted, isEmpty, seconds }) {
  const { passed, failed, skipped, parts, failures } = tally;
  for (const failure of failures) {
    output.write(`FAILED ${[failure.part, failure.file, failure.name].filter(Boolean).join(': ')}\n`);
    for (const line of gist(failure.message)) output.write(`  ${line}\n`);
  }
  if (isEmpty) output.write(`No ${planted ? 'planted bug has a name' : 'test has a path'} that contains the given pattern.\n`);
  output.write(`${tally.describe()}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ passed, failed, skipped, seconds, parts, failures })}\n`);
}
