import ts from 'typescript';
import { testsOf } from '../areas.js';
import type { Finding, Rule } from '../rule.js';
import { calleePath, nodesOf } from '../syntax.js';
import type { SourceFile } from '../tree.js';

const linesMax = 70;

/** ESLint measures all other functions; in tests it would measure the body of a describe, which is a heading. */
export const sizes: Rule = {
  sentence: `no function of a test is longer than ${linesMax} lines`,
  check: (tree) => testsOf(tree).flatMap(faultsOfFunctions),
};

function faultsOfFunctions(file: SourceFile): Finding[] {
  return nodesOf(file).flatMap((node) => {
    if (!ts.isFunctionLike(node) || isBodyOfDescribe(node)) return [];
    const line = file.lineAt(node.getStart());
    const count = file.lineAt(node.getEnd()) - line + 1;
    return count > linesMax ? [{ path: file.path, line, message: `a function of ${count} lines` }] : [];
  });
}

function isBodyOfDescribe(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && calleePath(node.parent)[0] === 'describe';
}
