import ts from 'typescript';
import { codeOf } from '../areas.js';
import type { Finding, Rule } from '../rule.js';
import { calleePath, nodesOf } from '../syntax.js';
import type { SourceFile } from '../tree.js';

const fileLinesMax = 300;
const functionLinesMax = 70;

/** ESLint says the same of what it can see; this also measures what stands below a describe, which is a heading. */
export const sizes: Rule = {
  sentence: `no function is longer than ${functionLinesMax} lines and no file than ${fileLinesMax}`,
  check: (tree) => codeOf(tree).flatMap((file) => [...faultsOfFile(file), ...faultsOfFunctions(file)]),
};

function faultsOfFile({ path, lines }: SourceFile): Finding[] {
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  return count > fileLinesMax ? [{ path, message: `has ${count} lines: it holds more than one concept` }] : [];
}

function faultsOfFunctions(file: SourceFile): Finding[] {
  return nodesOf(file).flatMap((node) => {
    if (!ts.isFunctionLike(node) || isBodyOfDescribe(node)) return [];
    const line = file.lineAt(node.getStart());
    const count = file.lineAt(node.getEnd()) - line + 1;
    return count > functionLinesMax ? [{ path: file.path, line, message: `a function of ${count} lines` }] : [];
  });
}

function isBodyOfDescribe(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && calleePath(node.parent)[0] === 'describe';
}
