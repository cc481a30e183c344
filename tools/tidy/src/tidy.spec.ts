import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { reportOf, type Rule } from './rule.js';
import { actionsAnswered, commandsHandled, eventsEmitted, metricsKept, problemsRaised } from './rules/catalogues-used.js';
import { declaredAtAll, declaredOnce } from './rules/declared-once.js';
import { noDeadComments, noReminders } from './rules/leftovers.js';
import { links } from './rules/links.js';
import { noMachinePaths } from './rules/machine-paths.js';
import { nothingOfTheMaking } from './rules/making.js';
import { projectTags } from './rules/project-tags.js';
import { promisesNamed } from './rules/promises-named.js';
import { settingsOnce } from './rules/settings-once.js';
import { sizes } from './rules/sizes.js';
import { tenses } from './rules/tenses.js';
import { noWallClockBounds } from './rules/wall-clock.js';
import { readTree } from './tree.js';

const rules: Rule[] = [
  declaredOnce,
  declaredAtAll,
  eventsEmitted,
  commandsHandled,
  actionsAnswered,
  problemsRaised,
  metricsKept,
  settingsOnce,
  tenses,
  promisesNamed,
  noWallClockBounds,
  sizes,
  projectTags,
  links,
  noReminders,
  noDeadComments,
  noMachinePaths,
  nothingOfTheMaking,
];

const tree = readTree(join(import.meta.dirname, '../../..'));

/** The house as it stands. What a rule catches is shown in the spec beside the rule. */
describe('the house is tidy', () => {
  test.each(rules)('$sentence', (rule) => {
    expect(reportOf(rule, tree)).toEqual([]);
  });

  test('every file of rules has a spec that plants a violation', () => {
    const files = tree.matching('tools/tidy/src/rules/*.ts').filter(({ path }) => !path.endsWith('.spec.ts'));
    expect(files.filter(({ path }) => !tree.find(path.replace(/\.ts$/, '.spec.ts'))).map(({ path }) => path)).toEqual([]);
  });
});
