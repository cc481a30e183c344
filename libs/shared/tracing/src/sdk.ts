import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  SamplingDecision,
  TracerProvider,
  type IdGenerator,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { OpenTelemetryTracing } from './open-telemetry.js';
import { samplerOf } from './sampler.js';
import type { StopTracing, TracingOptions } from './start-tracing.js';
import type { Tracing } from './tracing.js';

/** Longest text of an attribute: names and ids are shorter. */
const attributeLength = 256;
const shutdownMsMax = 2_000;
const troubleEveryMs = 60_000;

/** The SDK of a process whose traces are its own. */
export function openSdk(url: string, options: TracingOptions): { tracing: Tracing; stop: StopTracing } {
  const ids = new ChosenIds();
  const wanted = api.createContextKey('kintsugi traced');
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: samplerOfWanted(wanted),
    // What the environment says of the process goes before what it says of itself.
    resource: resourceFromAttributes(options.resource).merge(detectResources({ detectors: [envDetector] })),
    spanLimits: { attributeValueLengthLimit: attributeLength },
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }), scheduledDelayMillis: options.exportEveryMs }),
    ],
  });
  const trouble = troubleLog(options.onTrouble);
  api.diag.setLogger(trouble, { logLevel: api.DiagLogLevel.ERROR, suppressOverrideMessage: true });
  const contexts = new AsyncLocalStorageContextManager().enable();
  api.context.setGlobalContextManager(contexts);
  api.trace.setGlobalTracerProvider(provider);
  const tracing = new OpenTelemetryTracing(api, provider.getTracer('kintsugi'), {
    samples: samplerOf(options),
    recorded: (context, identity) => {
      ids.next = identity ?? null;
      return context.setValue(wanted, true);
    },
  });
  return {
    tracing,
    stop: async () => {
      await inTime(provider.shutdown().catch((error: unknown) => trouble.error(String(error))));
      api.diag.disable();
      api.trace.disable();
      api.context.disable();
    },
  };
}

/** Spans that cannot be sent any more are lost, and keep nobody from ending. */
async function inTime(shutdown: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, shutdownMsMax);
  });
  await Promise.race([shutdown, late]);
  clearTimeout(timer);
}

function troubleLog(onTrouble: (why: string) => void): api.DiagLogger {
  let toldAt = -Infinity;
  const nothing = (): void => undefined;
  const error = (words: string): void => {
    const now = performance.now();
    if (now - toldAt < troubleEveryMs) return;
    toldAt = now;
    onTrouble(words);
  };
  return { error, warn: nothing, info: nothing, debug: nothing, verbose: nothing };
}

/** Random ids, but for the span whose identity others know already. */
class ChosenIds implements IdGenerator {
  next: { traceId: string; spanId: string } | null = null;
  private readonly random = new RandomIdGenerator();

  generateTraceId(): string {
    // Asked for after the id of the span, and only where that begins a trace.
    const traceId = this.next?.traceId;
    this.next = null;
    return traceId ?? this.random.generateTraceId();
  }

  generateSpanId(): string {
    return this.next?.spanId ?? this.random.generateSpanId();
  }
}

/** Whether there is a trace is decided before a span is made; of others there is nothing. */
function samplerOfWanted(wanted: symbol): Sampler {
  return {
    shouldSample: (context) => {
      const { traceFlags = 0 } = api.trace.getSpanContext(context) ?? {};
      const isWanted = (traceFlags & 1) === 1 || context.getValue(wanted) === true;
      return { decision: isWanted ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
    },
    toString: () => 'kintsugi',
  };
}
