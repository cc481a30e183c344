import { checks, runCheck } from './checks.mjs';
import { jestResultOf } from './jest-project.mjs';
import { writeReport } from './report.mjs';

/** `node run-target.mjs TARGET PROJECT` is what nx runs: a check of the whole tree, or the unit tests of a project. */
const [target, project] = process.argv.slice(2);
// nx asks for colours, and tests compare texts.
delete process.env.FORCE_COLOR;
const { passed, report } = target in checks ? await check() : await test();
writeReport(project, target, report);
process.exitCode = passed ? 0 : 1;

async function check() {
  const report = await runCheck(checks[target]);
  const { passed, said, seconds } = report;
  process.stdout.write(`${passed ? 'PASS' : 'FAIL'} ${target} (${seconds} s)\n${passed ? '' : `${said}\n`}`);
  return { passed, report };
}

async function test() {
  // nx runs several projects side by side.
  const run = { kind: 'unit', patterns: [`/${project}/src/`], output: 'inherit', workers: ['--runInBand'] };
  const { result, fault } = await jestResultOf(run);
  return { passed: result?.success === true && !fault, report: { result, fault } };
}
