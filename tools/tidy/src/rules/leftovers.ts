import ts from 'typescript';
import { codeOf } from '../areas.js';
import { findingsOf, type Finding, type Rule } from '../rule.js';
import { calleePath, commentsOf, nodesOf } from '../syntax.js';
import type { SourceFile } from '../tree.js';

/** Put together here, so that this file does not break its own rule. */
const reminder = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);

const notes = ['**/*.{ts,tsx,mjs,md,json,yml,yaml,sh,html,css}', 'kintsugi', '.ci/*', '**/Dockerfile', '**/.env*'];

export const noReminders: Rule = {
  sentence: 'no reminder of work that is not done is left behind',
  check: (tree) =>
    findingsOf(
      tree.matching(...notes).filter(({ path }) => path !== 'package-lock.json'),
      reminder,
      (match) => `${match}: do it, or open an issue`,
    ),
};

export const noDebugging: Rule = {
  sentence: 'no debugger statement and no print for debugging is left behind',
  check: (tree) => codeOf(tree).flatMap((file) => nodesOf(file).flatMap((node) => faultsOfDebugging(file, node))),
};

function faultsOfDebugging(file: SourceFile, node: ts.Node): Finding[] {
  const printing = ts.isCallExpression(node) && /^console\.(log|debug|dir|trace|table)$/.test(calleePath(node).join('.'));
  if (!printing && !ts.isDebuggerStatement(node)) return [];
  const message = printing
    ? 'a print for debugging; what users read goes to process.stdout, what operators read to the logger'
    : 'debugger';
  return [{ path: file.path, line: file.lineAt(node.getStart()), message }];
}

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
