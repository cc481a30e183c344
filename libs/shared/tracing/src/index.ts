export {
  errorTypeOf,
  inSpan,
  spanOfSeveral,
  tracing,
  type RecordedSpan,
  type SpanAttributes,
  type SpanKind,
  type SpanStart,
  type TracedSpan,
  type Tracing,
} from './tracing.js';
export { attemptTraceparent, attemptBefore } from './attempt-trace.js';
export { useOpenTelemetryOfProcess } from './process-tracing.js';
