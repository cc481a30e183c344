import { OpenTelemetryTracing } from './open-telemetry.js';
import { setTracing, tracing } from './tracing.js';

let looking: Promise<void> | null = null;

/** Has the spans of a library be those of the process that it is in, where that has OpenTelemetry. What it has set up stays as it is. */
export function useOpenTelemetryOfProcess(library: string): Promise<void> {
  if (tracing()) return Promise.resolve();
  looking ??= find(library);
  return looking;
}

async function find(library: string): Promise<void> {
  try {
    const api = await import('@opentelemetry/api');
    setTracing(new OpenTelemetryTracing(api, api.trace.getTracer(library)));
  } catch {
    // It is not installed: traces go past this process.
  }
}
