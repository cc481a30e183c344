/** Carries the trace that a request, a command or an event is a part of, as W3C Trace Context says. Lower case, at NATS too. */
export const TRACEPARENT_HEADER = 'traceparent';

export interface Traceparent {
  traceId: string;
  spanId: string;
  isSampled: boolean;
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const textMax = 512;

/** Null where the text is no traceparent: then whoever got it takes it for none, as the standard asks. */
export function parseTraceparent(text: string): Traceparent | null {
  const [, version, traceId = '', spanId = '', flags = '', rest] = (text.length <= textMax && pattern.exec(text)) || [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceIdOf(traceparent: string): string | undefined {
  return parseTraceparent(traceparent)?.traceId;
}
