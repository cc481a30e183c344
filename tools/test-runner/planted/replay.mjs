import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { jestResultOf } from '../jest-project.mjs';
import { plantedBugs, withBug } from './planted-bugs.mjs';
import { TreeCopy } from './tree-copy.mjs';

/**
 * Plants each bug in a copy of the tree and runs the test that has to catch it: one that stays green is no test, and one that
 * fails without the bug says nothing of it.
 */
export async function replayPlantedBugs(tally, { patterns, output }) {
  const bugs = plantedBugs(patterns);
  if (bugs.length === 0) return;
  output.write(`Planting ${bugs.length} bugs, one at a time.\n`);
  const copy = new TreeCopy();
  const end = () => copy.remove();
  process.once('exit', end);
  /** By file of tests: why it can tell of no bug. */
  const unfit = new Map();
  try {
    for (const bug of bugs) {
      const startedAt = performance.now();
      const { file } = bug.caught_by;
      if (!unfit.has(file)) unfit.set(file, await faultWithoutBug(bug, copy));
      const fault = unfit.get(file) ?? (await faultOf(bug, copy));
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      output.write(`${fault ? 'MISSED' : 'CAUGHT'} ${bug.name} (${seconds} s)${fault ? `: ${fault}` : ''}\n`);
      tally.addCheck({ name: bug.name, passed: !fault, seconds, message: fault });
    }
  } finally {
    process.off('exit', end);
    end();
  }
}

async function faultWithoutBug({ caught_by }, copy) {
  const { numTotalTests, testResults } = await testsOf(caught_by, copy);
  if (numTotalTests === 0) return `${caught_by.file} has no test that ran`;
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed');
  return failed && `${caught_by.file} fails without the bug: ${failed.fullName}`;
}

/** Why the bug was not caught, or nothing when it was. */
async function faultOf(bug, copy) {
  try {
    const source = copy.read(bug.file);
    copy.write(bug.file, withBug(bug, source));
    try {
      const { numFailedTests } = await testsOf(bug.caught_by, copy);
      return numFailedTests > 0 ? undefined : `${bug.caught_by.file} stays green: ${bug.breaks}`;
    } finally {
      copy.write(bug.file, source);
    }
  } catch (error) {
    return error.message;
  }
}

/** Nothing ran where the file of tests could not even be loaded. */
async function testsOf({ kind, file }, copy) {
  const { result } = await jestResultOf({ kind, patterns: [file], output: openSync(devNull, 'w'), root: copy.root });
  return result ?? { numTotalTests: 0, numFailedTests: 0, testResults: [] };
}
