import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** What there is to ask for: the labels of each series, by the name that a query gives it. */
export type KnownSeries = ReadonlyMap<string, ReadonlySet<string>>;

/** What is wrong with an expression: it cannot be read, or names a series or a label that nobody exposes. */
export function promqlFaults(expr: string, known: KnownSeries): string[] {
  const faults: string[] = [];
  const text = ({ from, to }: { from: number; to: number }): string => expr.slice(from, to);
  const labels = new Set([...known.values()].flatMap((names) => [...names]));
  parser.parse(expr).iterate({
    enter: ({ type, node }) => {
      if (type.isError) faults.push(`cannot be read at ${node.from}: ${expr.slice(node.from, node.from + 20)}`);
      if (type.name === 'VectorSelector') faults.push(...faultsOfSelector(node, text, known));
      if (type.name === 'GroupingLabels') {
        for (const label of node.getChildren('LabelName')) {
          if (!labels.has(text(label))) faults.push(`no series has the label ${text(label)}`);
        }
      }
    },
  });
  return faults;
}

function faultsOfSelector(selector: SyntaxNode, text: (node: SyntaxNode) => string, known: KnownSeries): string[] {
  const identifier = selector.getChild('Identifier');
  if (!identifier) return ['a selector has no name'];
  const name = text(identifier);
  const labels = known.get(name);
  if (!labels) return [`${name} is exposed by nobody`];
  const faults: string[] = [];
  const matchers = selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  for (const matcher of matchers) {
    const label = matcher.getChild('LabelName');
    if (label && !labels.has(text(label))) faults.push(`${name} has no label ${text(label)}`);
  }
  const isCounter = /_(total|count|bucket|sum)$/.test(name);
  const asked = functionOver(selector, text);
  if (isCounter && asked !== 'rate' && asked !== 'increase') faults.push(`${name} counts up, and is asked for without rate`);
  if (!isCounter && asked !== null && asked !== 'changes') faults.push(`${name} goes up and down, and has no ${asked}`);
  return faults;
}

/** The function that is given the values of a selector over a time; null where it is asked for as it is now. */
function functionOver(selector: SyntaxNode, text: (node: SyntaxNode) => string): string | null {
  if (selector.parent?.name !== 'MatrixSelector') return null;
  const called = selector.parent.parent?.parent?.getChild('FunctionIdentifier');
  return called ? text(called) : null;
}
