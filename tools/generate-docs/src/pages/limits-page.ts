import { limits } from '@kintsugi/contracts';
import ts from 'typescript';
import { code, table, type Page } from '../markdown.js';
import { textOf } from '../workspace.js';

const source = 'libs/shared/contracts/src/limits.ts';

export function limitsPage(): Page {
  const meanings = meaningsIn(textOf(source));
  return {
    title: 'Limits',
    intro: 'Every bound that a caller can run into; the problem that refuses what exceeds one names it.',
    body: [
      table(
        ['Limit', 'Value', 'Of what'],
        Object.entries(limits).map(([name, value]) => [code(name), valueText(name, value), meanings.get(name) ?? '']),
      ),
    ],
  };
}

/** The comment before each entry says what the number counts. */
export function meaningsIn(text: string): Map<string, string> {
  const file = ts.createSourceFile(source, text, ts.ScriptTarget.Latest, true);
  const meanings = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node)) {
      const [comment] = ts.getJSDocCommentsAndTags(node);
      if (comment) meanings.set(node.name.getText(), ts.getTextOfJSDocComment(comment.comment) ?? '');
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return meanings;
}

function valueText(name: string, value: number): string {
  const grouped = value.toLocaleString('en');
  if (!name.endsWith('Bytes')) return grouped;
  return value % 1024 ** 2 === 0 ? `${value / 1024 ** 2} MiB` : `${value / 1024} KiB`;
}
