import ts from 'typescript';
import type { SourceFile } from './tree.js';

export interface Piece {
  text: string;
  line: number;
}

/** Every node of a file, parents first. */
export function nodesOf(file: SourceFile): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file.syntax);
  return nodes;
}

/** The text of every string and of every fixed part of a template. */
export function stringsOf(file: SourceFile): Piece[] {
  return nodesOf(file)
    .filter((node) => ts.isStringLiteralLike(node) || isTemplatePart(node))
    .map((node) => ({ text: (node as ts.LiteralLikeNode).text, line: file.lineAt(node.getStart()) }));
}

function isTemplatePart(node: ts.Node): boolean {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

/** Every comment, with its slashes and stars. */
export function commentsOf(file: SourceFile): Piece[] {
  const { syntax, text } = file;
  const found = new Map<number, Piece>();
  const add = (ranges: ts.CommentRange[] | undefined): void => {
    for (const { pos, end } of ranges ?? []) found.set(pos, { text: text.slice(pos, end), line: file.lineAt(pos) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(syntax);
    if (children.length === 0) {
      add(ts.getLeadingCommentRanges(text, node.getFullStart()));
      add(ts.getTrailingCommentRanges(text, node.getEnd()));
    }
    children.forEach(visit);
  };
  visit(syntax);
  return [...found.values()];
}

/** The names of a call's callee: `test.skip.each(…)(…)` gives test, skip, each. */
export function calleePath(call: ts.CallExpression): string[] {
  const path: string[] = [];
  let callee: ts.Expression = call.expression;
  for (;;) {
    if (ts.isPropertyAccessExpression(callee)) {
      path.unshift(callee.name.text);
      callee = callee.expression;
    } else if (ts.isCallExpression(callee)) callee = callee.expression;
    else if (ts.isTaggedTemplateExpression(callee)) callee = callee.tag;
    else if (ts.isParenthesizedExpression(callee)) callee = callee.expression;
    else break;
  }
  if (ts.isIdentifier(callee)) path.unshift(callee.text);
  return path;
}
