import { codeOf } from '../areas.js';
import { findingsOf, type Rule } from '../rule.js';
import { commentsOf } from '../syntax.js';

/** Put together here, so that this file does not break its own rule. */
const reminder = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);

/** ESLint sees to the code. */
const notes = ['**/*.{md,json,yml,yaml,sh,html,css}', 'kintsugi', '.ci/*', '**/Dockerfile', '**/.env*'];

export const noReminders: Rule = {
  sentence: 'no page and no settings file holds a reminder of work that is not done',
  check: (tree) =>
    findingsOf(
      tree.matching(...notes).filter(({ path }) => path !== 'package-lock.json'),
      reminder,
      (match) => `${match}: do it, or open an issue`,
    ),
};

export const noDeadComments: Rule = {
  sentence: 'no code is commented out',
  check: (tree) =>
    codeOf(tree).flatMap((file) =>
      commentsOf(file)
        .filter(({ text }) => text.startsWith('//') && looksLikeCode(text.slice(2).trim()))
        .map(({ line }) => ({ path: file.path, line, message: 'commented-out code: version control remembers it' })),
    ),
};

function looksLikeCode(comment: string): boolean {
  if (/^(eslint|prettier|@ts)-/.test(comment)) return false;
  return (
    /^(import|export|const|let|return|await|throw|if \(|for \(|\} else|case ).*[;{:,]$/.test(comment) ||
    /^[\w.]+(\(.*\)|\s*=\s*.+);$/.test(comment) ||
    /^[)}\]]+[;,)]*$/.test(comment)
  );
}
