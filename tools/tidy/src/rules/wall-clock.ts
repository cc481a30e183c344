import ts from 'typescript';
import { testsOf } from '../areas.js';
import type { Finding, Rule } from '../rule.js';
import { calleePath, nodesOf } from '../syntax.js';
import type { SourceFile } from '../tree.js';

const clocks = /\b(performance\.now|Date\.now|process\.hrtime(\.bigint)?)\(/;
const timeName = /(^|_|[a-z])(elapsed|took)(Ms|Seconds)?$|^elapsed/i;
const upperBounds = new Set(['toBeLessThan', 'toBeLessThanOrEqual']);

/**
 * A machine may be as slow and as busy as it likes. What took long is compared with what was timed beside it, or said as an
 * order of events or a count; how long things take is for the benchmark.
 */
export const noWallClockBounds: Rule = {
  sentence: 'no test holds a wall-clock bound: a time is compared with another that was measured in the same test',
  check: (tree) => [...testsOf(tree), ...tree.matching('tests/**/*.ts')].filter(once()).flatMap(faultsOf),
};

function once(): (file: SourceFile) => boolean {
  const seen = new Set<string>();
  return ({ path }) => !seen.has(path) && Boolean(seen.add(path));
}

function faultsOf(file: SourceFile): Finding[] {
  const timed = timedNames(file);
  return nodesOf(file).flatMap((node) => {
    if (!ts.isCallExpression(node)) return [];
    const [callee = ''] = calleePath(node);
    const matcher = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : '';
    if (callee !== 'expect' || !upperBounds.has(matcher)) return [];
    const subject = expectedOf(node);
    const bound = node.arguments[0];
    if (!subject || !bound || !isTimed(subject, timed) || isTimed(bound, timed)) return [];
    return [
      { path: file.path, line: file.lineAt(node.getStart()), message: `${subject.getText()} is bounded by the wall clock` },
    ];
  });
}

/** The argument of the `expect(…)` that a matcher is called on. */
function expectedOf(call: ts.CallExpression): ts.Expression | undefined {
  let callee: ts.Expression = call.expression;
  while (ts.isPropertyAccessExpression(callee)) callee = callee.expression;
  return ts.isCallExpression(callee) ? callee.arguments[0] : undefined;
}

/** Names of what is computed from a clock, directly or from another such name. */
function timedNames(file: SourceFile): Set<string> {
  const declarations = nodesOf(file).filter((node) => ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node));
  const timed = new Set<string>();
  for (let before = -1; before !== timed.size;) {
    before = timed.size;
    for (const declaration of declarations) {
      const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration.body;
      if (!value || !declaration.name || !isTimed(value, timed)) continue;
      for (const name of namesOf(declaration.name)) {
        if (isDuration(name) || !ts.isFunctionDeclaration(declaration)) timed.add(name);
      }
    }
  }
  return timed;
}

/** A function that looks at a clock gives a time only if its name says so. */
function isDuration(name: string): boolean {
  return timeName.test(name) || /(Ms|Seconds)$/.test(name);
}

function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : [])).filter(isDuration);
}

function isTimed(node: ts.Node, timed: ReadonlySet<string>): boolean {
  if (clocks.test(node.getText())) return true;
  let found = false;
  const visit = (part: ts.Node): void => {
    if (ts.isIdentifier(part) && (timed.has(part.text) || timeName.test(part.text))) found = true;
    if (ts.isCallExpression(part) && /Ms$/.test(calleePath(part).at(-1) ?? '')) found = true;
    if (!found) ts.forEachChild(part, visit);
  };
  visit(node);
  return found;
}
