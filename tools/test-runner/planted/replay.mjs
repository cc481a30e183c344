import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { jestResultOf } from '../jest-project.mjs';
import { plantedBugs, withBug } from './planted-bugs.mjs';
import { TreeCopy } from './tree-copy.mjs';

/** Plants each bug in a copy of the tree and runs the test that has to catch it: one that stays green is no test. */
export async function replayPlantedBugs(tally, { patterns, output }) {
  const bugs = plantedBugs(patterns);
  if (bugs.length === 0) return;
  output.write(`Planting ${bugs.length} bugs, one at a time.\n`);
  const copy = new TreeCopy();
  const end = () => copy.remove();
  process.once('exit', end);
  try {
    for (const bug of bugs) {
      const startedAt = performance.now();
      const fault = await faultOf(bug, copy);
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      output.write(`${fault ? 'MISSED' : 'CAUGHT'} ${bug.name} (${seconds} s)${fault ? `: ${fault}` : ''}\n`);
      tally.addCheck({ name: bug.name, passed: !fault, seconds, message: fault });
    }
  } finally {
    process.off('exit', end);
    end();
  }
}

/** Why the bug was not caught, or nothing when it was. */
async function faultOf(bug, copy) {
  try {
    const source = copy.read(bug.file);
    copy.write(bug.file, withBug(bug, source));
    try {
      const { kind, file } = bug.caught_by;
      const { result } = await jestResultOf({ kind, patterns: [file], output: openSync(devNull, 'w'), root: copy.root });
      if (!result?.numTotalTests) return `${file} has no test that ran`;
      return result.numFailedTests > 0 ? undefined : `${file} stays green: ${bug.breaks}`;
    } finally {
      copy.write(bug.file, source);
    }
  } catch (error) {
    return error.message;
  }
}
