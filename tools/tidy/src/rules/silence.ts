import ts from 'typescript';
import { codeOf, testsOf } from '../areas.js';
import type { Finding, Rule } from '../rule.js';
import { commentBefore, commentsOf, nodesOf } from '../syntax.js';
import type { SourceFile } from '../tree.js';

/** A test that does not run must say why, in the comment before it; a focused one silences all the others. */
export const noSilencedTests: Rule = {
  sentence: 'no test is focused, and none is skipped without a reason in the comment before it',
  check: (tree) => testsOf(tree).flatMap((file) => nodesOf(file).flatMap((node) => faultsOfSilence(file, node))),
};

function faultsOfSilence(file: SourceFile, node: ts.Node): Finding[] {
  const name = nameOfTest(node);
  const at = { path: file.path, line: file.lineAt(node.getStart()) };
  if (/^((test|it|describe)\.only|fit|fdescribe)$/.test(name)) return [{ ...at, message: `${name} silences the other tests` }];
  if (!/^((test|it|describe)\.(skip|todo|failing)|xit|xtest|xdescribe)$/.test(name)) return [];
  const statement = ts.findAncestor(node, ts.isStatement);
  const isArgued = statement !== undefined && /\w+ \w+/.test(commentBefore(statement));
  return isArgued ? [] : [{ ...at, message: `${name} without a reason in the comment before it` }];
}

/** `test.skip` wherever it stands; a short name such as `fit` only where it is called with a function, as a test is. */
function nameOfTest(node: ts.Node): string {
  if (ts.isPropertyAccessExpression(node)) return node.getText();
  if (!ts.isIdentifier(node) || !ts.isCallExpression(node.parent) || node.parent.expression !== node) return '';
  const body = node.parent.arguments[1];
  return body && (ts.isFunctionLike(body) || ts.isIdentifier(body)) ? node.text : '';
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
