export { errorTypeOf, inSpan, spanOfSeveral, tracing, type SpanKind, type SpanStart, type TracedSpan } from './tracing.js';
export { attemptTraceparent, attemptBefore } from './attempt-trace.js';
export { useOpenTelemetryOfProcess } from './process-tracing.js';
