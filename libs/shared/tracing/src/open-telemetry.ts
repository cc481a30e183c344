import type * as Api from '@opentelemetry/api';
import { parseTraceparent } from '@kintsugi/contracts';
import type { RecordedSpan, SpanAttributes, SpanStart, TracedSpan, Tracing } from './tracing.js';

type OpenTelemetry = Pick<typeof Api, 'context' | 'trace' | 'ROOT_CONTEXT' | 'SpanKind' | 'SpanStatusCode'>;

/** What decides of traces, and names spans: the process's own where this one did not set it up. */
export interface OwnSdk {
  /** Whether what comes in is traced. */
  samples: (given: Api.SpanContext | undefined) => boolean;
  /** A context in which the next span is recorded, under this identity where one is given. */
  recorded: (context: Api.Context, identity?: { traceId: string; spanId: string }) => Api.Context;
}

/** Traces by OpenTelemetry, whichever SDK is behind it. */
export class OpenTelemetryTracing implements Tracing {
  private readonly kinds: Record<SpanStart['kind'], Api.SpanKind>;

  constructor(
    private readonly api: OpenTelemetry,
    private readonly tracer: Api.Tracer,
    private readonly sdk: OwnSdk | null = null,
  ) {
    const { INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER } = api.SpanKind;
    this.kinds = { internal: INTERNAL, server: SERVER, client: CLIENT, producer: PRODUCER, consumer: CONSUMER };
  }

  get current(): string | undefined {
    const span = this.active();
    return span && traceparentOf(span.spanContext());
  }

  enter(given: string | undefined, start: () => SpanStart): TracedSpan | null {
    const { api, sdk } = this;
    const parent = contextOf(given);
    if (!sdk?.samples(parent)) return null;
    const context = parent ? api.trace.setSpanContext(api.ROOT_CONTEXT, parent) : api.ROOT_CONTEXT;
    return this.start(start(), sdk.recorded(context));
  }

  resume(traceparent: string, start: SpanStart): TracedSpan | null {
    const { api, sdk } = this;
    const parent = contextOf(traceparent);
    if (!parent || parent.traceFlags === 0) return null;
    const context = api.trace.setSpanContext(api.ROOT_CONTEXT, parent);
    return this.start(start, sdk?.recorded(context) ?? context);
  }

  begin(start: () => SpanStart): TracedSpan | null {
    return this.active() ? this.start(start(), this.api.context.active()) : null;
  }

  record({ traceparent, startedAt, endedAt, failure, ...start }: RecordedSpan): void {
    const identity = contextOf(traceparent);
    if (!identity || !this.sdk) return;
    const span = this.start(start, this.sdk.recorded(this.api.ROOT_CONTEXT, identity), startedAt);
    span.end(failure, endedAt);
  }

  link(traceparent: string): void {
    this.active()?.addLinks(linkTo(traceparent));
  }

  within<Result>(span: TracedSpan | null, work: () => Result): Result {
    const { api } = this;
    const context = span ? api.trace.setSpan(api.ROOT_CONTEXT, (span as Span).span) : api.ROOT_CONTEXT;
    return api.context.with(context, work);
  }

  /** What is over has no more parts: work that it left behind is no part of it. */
  private active(): Api.Span | undefined {
    const span = this.api.trace.getActiveSpan();
    return span?.isRecording() ? span : undefined;
  }

  private start({ name, kind, attributes, links = [] }: SpanStart, context: Api.Context, startTime?: number): Span {
    const options: Api.SpanOptions = {
      kind: this.kinds[kind],
      ...(attributes ? { attributes } : {}),
      ...(startTime === undefined ? {} : { startTime }),
      links: links.flatMap((link) => linkTo(link)),
    };
    return new Span(this.tracer.startSpan(name, options, context), this.api.SpanStatusCode.ERROR);
  }
}

class Span implements TracedSpan {
  constructor(
    readonly span: Api.Span,
    private readonly errorStatus: Api.SpanStatusCode,
  ) {}

  get traceparent(): string {
    return traceparentOf(this.span.spanContext());
  }

  note(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  end(failure?: string, endTime?: number): void {
    if (failure !== undefined) {
      this.span.setAttribute('error.type', failure);
      // eslint-disable-next-line no-restricted-syntax -- so OpenTelemetry calls it
      this.span.setStatus({ code: this.errorStatus });
    }
    this.span.end(endTime);
  }
}

function linkTo(traceparent: string): Api.Link[] {
  const context = contextOf(traceparent);
  return context ? [{ context }] : [];
}

function contextOf(traceparent: string | undefined): Api.SpanContext | undefined {
  const parsed = traceparent === undefined ? null : parseTraceparent(traceparent);
  if (!parsed) return undefined;
  const { traceId, spanId, isSampled } = parsed;
  return { traceId, spanId, traceFlags: isSampled ? 1 : 0, isRemote: true };
}

function traceparentOf({ traceId, spanId, traceFlags }: Api.SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 1) === 1 ? '01' : '00'}`;
}
