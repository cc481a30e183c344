import { z } from 'zod';
import { samplers, startTracing, type StopTracing } from '@kintsugi/tracing/start';
import { numberSetting, type Settings } from './settings.js';

/** Those of OpenTelemetry's own that this platform reads; the exporter reads `OTEL_EXPORTER_OTLP_HEADERS` and its like by itself. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(
    'Where traces go, by OTLP over HTTP, such as `http://127.0.0.1:4318`; `/v1/traces` is added. Left out, there are none.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint('The same for traces alone, taken as it is.'),
  OTEL_SDK_DISABLED: z.string().default('false').describe('true: no traces, whatever else is set.'),
  OTEL_TRACES_SAMPLER: z
    .enum(samplers)
    .default('parentbased_always_on')
    .describe('Which requests are traced. With parentbased_ what a traceparent says goes first.'),
  OTEL_TRACES_SAMPLER_ARG: numberSetting(1, 0, 1).describe('Share of them that a sampler by ratio has traced, from 0 to 1.'),
  OTEL_SERVICE_NAME: z
    .string()
    .optional()
    .describe('`service.name` of every span of this process. Left out: the name of the app, such as `job-service`.'),
  OTEL_BSP_SCHEDULE_DELAY: numberSetting(5_000, 1, 60_000).describe('Milliseconds between two exports of spans.'),
};

/** Turns the traces of a process on, where its settings name somewhere to send them. */
export function startTracingBy(
  settings: Settings<typeof tracingSettings>,
  process: { name: string; instance: string; onTrouble?: (why: string) => void },
): Promise<StopTracing> {
  return startTracing({
    endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    tracesEndpoint: settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    isDisabled: settings.OTEL_SDK_DISABLED.toLowerCase() === 'true',
    sampler: settings.OTEL_TRACES_SAMPLER,
    ratio: settings.OTEL_TRACES_SAMPLER_ARG,
    onTrouble: process.onTrouble ?? (() => undefined),
    exportEveryMs: settings.OTEL_BSP_SCHEDULE_DELAY,
    resource: {
      'service.name': settings.OTEL_SERVICE_NAME ?? process.name,
      'service.namespace': 'kintsugi',
      'service.instance.id': process.instance,
    },
  });
}

function endpoint(words: string) {
  return z
    .string()
    .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), { message: 'an http or https address is wanted' })
    .optional()
    .describe(words);
}
