import ts from 'typescript';
import { codeOf, testsOf } from '../areas.js';
import { findingsOf, type Finding, type Rule } from '../rule.js';
import { calleePath, commentBefore, commentsOf, nodesOf } from '../syntax.js';
import type { SourceFile, Tree } from '../tree.js';

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

/** A test that does not run must say why, in the comment before it; a focused one silences all the others. */
export const noSilencedTests: Rule = {
  sentence: 'no test is focused, and none is skipped without a reason in the comment before it',
  check: (tree) => testsOf(tree).flatMap((file) => nodesOf(file).flatMap((node) => faultsOfSilence(file, node))),
};

function faultsOfSilence(file: SourceFile, node: ts.Node): Finding[] {
  if (!ts.isPropertyAccessExpression(node) && !ts.isIdentifier(node)) return [];
  const name = node.getText();
  const at = { path: file.path, line: file.lineAt(node.getStart()) };
  if (/^((test|it|describe)\.only|fit|fdescribe)$/.test(name)) return [{ ...at, message: `${name} silences the other tests` }];
  if (!/^((test|it|describe)\.(skip|todo|failing)|xit|xtest|xdescribe)$/.test(name)) return [];
  const statement = ts.findAncestor(node, ts.isStatement);
  return statement && /\w+ \w+/.test(commentBefore(statement))
    ? []
    : [{ ...at, message: `${name} without a reason in the comment before it` }];
}

export const noDeadComments: Rule = {
  sentence: 'no code is commented out',
  check: (tree: Tree) =>
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

export const exemptionsArgued: Rule = {
  sentence: 'whoever silences the linter or the compiler says why',
  check: (tree) =>
    codeOf(tree).flatMap((file) =>
      commentsOf(file)
        .filter(({ text }) => /^\/[/*]\s*(eslint-disable|@ts-(ignore|expect-error|nocheck)|prettier-ignore)/.test(text))
        .filter(({ text }) => !/( --|:) \w+ \w+/.test(text))
        .map(({ text, line }) => ({ path: file.path, line, message: `no reason given: ${text}` })),
    ),
};
