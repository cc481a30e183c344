import ts from 'typescript';
import { testsOf } from '../areas.js';
import type { Finding, Rule } from '../rule.js';
import { calleePath } from '../syntax.js';
import type { SourceFile } from '../tree.js';

/** Two tests of one name cannot be told apart in a report, and one was likely copied from the other. */
export const testNames: Rule = {
  sentence: 'the names of the tests of a file differ',
  check: (tree) => testsOf(tree).flatMap(faultsOf),
};

function faultsOf(file: SourceFile): Finding[] {
  const seen = new Set<string>();
  const faults: Finding[] = [];
  const visit = (node: ts.Node, headings: string): void => {
    const title = titleOf(node);
    const path = title === null ? headings : `${headings} > ${title.text}`;
    if (title?.kind === 'test') {
      if (seen.has(path)) {
        faults.push({ path: file.path, line: file.lineAt(node.getStart()), message: `a second test is called${path.slice(2)}` });
      }
      seen.add(path);
    }
    ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(file.syntax, '');
  return faults;
}

function titleOf(node: ts.Node): { kind: 'test' | 'heading'; text: string } | null {
  if (!ts.isCallExpression(node) || !node.arguments[0]) return null;
  const [title, body] = node.arguments;
  const [name = ''] = calleePath(node);
  if (!/^(describe|test|it)$/.test(name) || !body || !(ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
    return null;
  }
  return { kind: name === 'describe' ? 'heading' : 'test', text: title.getText().slice(1, -1) };
}
