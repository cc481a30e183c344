import { inSpan, spanOfSeveral, tracing } from '@kintsugi/tracing';

/**
 * Chunks that are written together are a part of the first trace that they are written for, and have a link to each of the others.
 * Those that are written for none are a part of none.
 */
export function inTraces<Item, Result>(
  chunks: readonly Item[],
  tracesOf: (chunk: Item) => string | readonly string[],
  write: () => Promise<Result>,
): Promise<Result> {
  const on = tracing();
  if (!on) return write();
  const traceparents = [...new Set(chunks.flatMap(tracesOf))];
  const attributes = { 'kintsugi.chunks': chunks.length };
  const span = spanOfSeveral(traceparents, { name: 'commit chunks', kind: 'internal', attributes });
  return span ? inSpan(span, write) : on.within(null, write);
}
