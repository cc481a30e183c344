export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** What a span says beside its name: ids, names and counts, never a payload, a message of an error or a secret. */
export type SpanAttributes = Record<string, string | number | boolean>;

export interface SpanStart {
  name: string;
  kind: SpanKind;
  attributes?: SpanAttributes;
  /** Traceparents of spans of other traces that led to this one. */
  links?: readonly string[];
}

/** A span under way. */
export interface TracedSpan {
  /** What carries it to another process. */
  readonly traceparent: string;
  note(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** @param failure the kind of error that it ended with */
  end(failure?: string): void;
}

/** A span that is told once it is over, under an identity that others know already. */
export interface RecordedSpan extends SpanStart {
  traceparent: string;
  /** Epoch ms. */
  startedAt: number;
  endedAt: number;
  failure?: string;
}

/** What traces are made with, in a process in which they are on. What most asks for is not traced: a start is made only for what is. */
export interface Tracing {
  /** At a door: goes on with the trace of who comes in, or begins one where the sampler says so; null where it is not traced. */
  enter(given: string | undefined, start: () => SpanStart): TracedSpan | null;
  /** Goes on with a trace of this platform; null where that is not traced. */
  resume(traceparent: string, start: SpanStart): TracedSpan | null;
  /** A part of what is under way; null where nothing is that is traced. */
  begin(start: () => SpanStart): TracedSpan | null;
  /** Has what is under way say what else it follows on. */
  link(traceparent: string): void;
  record(span: RecordedSpan): void;
  /** Runs work as what a span is about; with null, as no part of any trace. */
  within<Result>(span: TracedSpan | null, work: () => Result): Result;
  /** The traceparent of the span under way. */
  readonly current: string | undefined;
}

let running: Tracing | null = null;

/** Null while traces are off, which is the default. */
export function tracing(): Tracing | null {
  return running;
}

export function setTracing(next: Tracing | null): void {
  running = next;
}

/** Does the work as what the span is about, and ends that with it. Without a span there is no more to it than the work. */
export function inSpan<Result>(
  span: TracedSpan | null | undefined,
  work: () => Promise<Result>,
  typeOf = errorTypeOf,
): Promise<Result> {
  return span && running ? endedWith(running, span, work, typeOf) : work();
}

async function endedWith<Result>(
  on: Tracing,
  span: TracedSpan,
  work: () => Promise<Result>,
  typeOf: (error: unknown) => string,
): Promise<Result> {
  try {
    const result = await on.within(span, work);
    span.end();
    return result;
  } catch (error) {
    span.end(typeOf(error));
    throw error;
  }
}

/** Spans of other traces that one says it is about, at most. */
const linksMax = 64;

/** Of what is done for several at once: a part of the first trace, with links to the others. */
export function spanOfSeveral(traceparents: readonly string[], start: SpanStart): TracedSpan | null {
  const [first, ...others] = traceparents;
  if (first === undefined) return null;
  return running?.resume(first, { ...start, links: others.slice(0, linksMax) }) ?? null;
}

/** The kind of an error, without its words. */
export function errorTypeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
