import { findingsOf, type Rule } from '../rule.js';

/** Put together here, so that this file does not break its own rule. */
const roots = ['work', 'root', 'tmp', 'home', 'Users', 'mnt'].join('|');

/** A path of somebody's machine: an absolute one that does not follow a word, as a part of a URL would. */
const machinePath = new RegExp(`(?<![\\w.:})*/-])/(${roots})(/[\\w.-]|(?=["'\`\\s]|$))`);

/** A registry other than npm's own: the lock file of a mirror would not install elsewhere. */
const mirror = /"resolved": "https?:\/\/(?!registry\.npmjs\.org\/)/;

export const noMachinePaths: Rule = {
  sentence: 'nothing names a folder or a package mirror of one machine',
  check: (tree) => [
    ...findingsOf(
      tree.files.filter(({ path }) => path !== 'package-lock.json'),
      machinePath,
      (match) => `${match} is a path of one machine`,
    ),
    ...findingsOf(tree.matching('package-lock.json', '**/.npmrc'), mirror, (match) => `${match} is a mirror of one machine`),
  ],
};
