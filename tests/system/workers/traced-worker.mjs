import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createWorker } from '@kintsugi/worker-sdk';

/** A worker of somebody who has OpenTelemetry set up, as far as the environment says where to. */
if (process.env['OTEL_EXPORTER_OTLP_ENDPOINT']) {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    spanProcessors: [new SimpleSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  trace.setGlobalTracerProvider(provider);
}

const worker = createWorker({ handleSignals: true });
const tracer = trace.getTracer('shop');

/** Fails at first, and tells what it was handed. */
worker.handle('test.traced', ({ attempt, task, traceparent }) =>
  tracer.startActiveSpan('charge the card', (span) => {
    try {
      if (attempt === 1 && task.payload?.fails) throw Object.assign(new Error('canary-7f3a'), { code: 'ECONNRESET' });
      return { traceparent: traceparent ?? null };
    } finally {
      span.end();
    }
  }),
);
await worker.start();
