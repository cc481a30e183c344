import { jsonBytes, limits, type HttpResult } from '@kintsugi/contracts';
import { maskOf } from '../../secrets/masked.js';

/** What came back, with all that is in it. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const headerLengthMax = 300;
const keptHeaders = [
  'content-type',
  'content-length',
  'etag',
  'last-modified',
  'location',
  'retry-after',
  'date',
  'x-request-id',
];

/** What counts as secret of a header: its value, and the word behind the name of a scheme, as servers repeat it alone. */
export function secretsOfHeader(value: string): string[] {
  const [, word] = /^\S+ (\S{6,})$/.exec(value) ?? [];
  return word === undefined ? [value] : [value, word];
}

/** What is kept of an answer: whoever reads the result is told no secret that was sent and comes back in it, nor what looks like one. */
export function httpResult(
  { status, headers, body }: HttpAnswer,
  url: URL,
  tookMs: number,
  secrets: readonly string[],
): HttpResult {
  const clean = maskOf(secrets);
  const kept = Object.entries(headers).filter(([name]) => keptHeaders.includes(name));
  // Masked before it is cut: a part of a secret would not be known again.
  const text = clean(body.toString('utf8'));
  const whole: HttpResult = {
    status,
    url: clean(url.href),
    headers: Object.fromEntries(kept.map(([name, value]) => [name, clean(value).slice(0, headerLengthMax)])),
    body: bodyOf(headers['content-type'] ?? '', text, clean),
    body_bytes: body.length,
    duration_ms: Math.round(tookMs * 1000) / 1000,
  };
  if (jsonBytes(whole) <= limits.resultBytes) return whole;
  // A character may take six bytes as JSON.
  const begun = Buffer.from(text).subarray(0, Math.floor(limits.resultBytes / 8));
  return { ...whole, body: begun.toString('utf8') };
}

/** Texts of JSON are looked at once more when they are read: any character of them may have been written by its number. */
function bodyOf(type: string, text: string, clean: (text: string) => string): unknown {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) return text;
  try {
    return JSON.parse(text, (_name, value: unknown) => (typeof value === 'string' ? clean(value) : value)) as unknown;
  } catch {
    return text;
  }
}
