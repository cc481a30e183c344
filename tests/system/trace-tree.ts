import type { ReceivedSpan } from '@kintsugi/testing';

/**
 * Traces as text: a line for each span below the one that it is a part of, with its process and what it failed with, and what a
 * trace follows on. What is done several times in one place is told once. Commands for the database are told of commits alone.
 */
export function treeOf(spans: readonly ReceivedSpan[]): string {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const roots = spans
    .filter(({ parentId }) => !byId.has(parentId))
    .toSorted((one, other) => Number(one.startedNs - other.startedNs));
  return roots.map((root) => [...linesOf(root, spans, byId, '')].join('\n')).join('\n\n');
}

function* linesOf(
  span: ReceivedSpan,
  spans: readonly ReceivedSpan[],
  byId: ReadonlyMap<string, ReceivedSpan>,
  indent: string,
): Generator<string> {
  const failure = span.isError ? `, ${String(span.attributes['error.type'])}` : '';
  const after = span.links.map(({ spanId }) => `, after ${byId.get(spanId)?.name ?? 'a span of somebody else'}`).join('');
  yield `${indent}${span.name} (${span.service}, ${span.kind}${failure}${after})`;
  const told = new Set<string>();
  const parts = spans.filter((part) => part.parentId === span.spanId && (isCommit(span) || !isOfDatabase(part)));
  for (const part of parts.toSorted((one, other) => one.name.localeCompare(other.name))) {
    const text = [...linesOf(part, spans, byId, `${indent}  `)].join('\n');
    if (told.has(text)) continue;
    told.add(text);
    yield text;
  }
}

function isCommit({ name }: ReceivedSpan): boolean {
  return name.startsWith('commit');
}

function isOfDatabase({ attributes }: ReceivedSpan): boolean {
  return 'db.system.name' in attributes;
}
