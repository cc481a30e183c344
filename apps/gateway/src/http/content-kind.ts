import type { IncomingHttpHeaders } from 'node:http';
import { ProblemError, shown } from '@kintsugi/contracts';

export type ContentKind = 'json' | 'ndjson';

const kinds: Record<ContentKind, RegExp> = {
  json: /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i,
  ndjson: /^application\/(?:x-)?ndjson\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i,
};

/** What a body says that it is. Nothing is guessed: a body of another kind is refused, and so is one that is compressed otherwise. */
export function contentKindOf(headers: IncomingHttpHeaders): ContentKind {
  const type = headers['content-type'];
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && !/^(identity|gzip|x-gzip)$/i.test(encoding)) {
    throw unsupported('header.content-encoding', encoding, 'gzip, or an uncompressed body');
  }
  if (type !== undefined && kinds.json.test(type)) return 'json';
  if (type !== undefined && kinds.ndjson.test(type)) return 'ndjson';
  throw contentTypeUnsupported(type);
}

export function isCompressed(headers: IncomingHttpHeaders): boolean {
  return /^(x-)?gzip$/i.test(headers['content-encoding'] ?? '');
}

export function contentTypeUnsupported(
  type: string | undefined,
  allowed = 'application/json or application/x-ndjson',
): ProblemError {
  return unsupported('header.content-type', type, `${allowed}, in UTF-8`);
}

function unsupported(path: string, got: string | undefined, allowed: string): ProblemError {
  return new ProblemError('CONTENT_TYPE_UNSUPPORTED', `${path}: got ${shown(got)}, allowed: ${allowed}.`, {
    errors: [{ path, rule: 'VALUE', got: shown(got), allowed }],
  });
}
