// What traces cost where nobody has asked for them, and how a log and a trace are found from each other.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OtlpReceiver } from '@kintsugi/testing';

let receiver: OtlpReceiver;

beforeAll(async () => {
  receiver = await OtlpReceiver.start();
});

afterAll(() => receiver.stop());

/** Runs a program in a process of its own and gives what it wrote, and which of OpenTelemetry's packages were loaded. */
async function ran(
  program: string,
  env: Record<string, string>,
): Promise<{ lines: Record<string, unknown>[]; loaded: string[] }> {
  const whole = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ resolve: (name, context, next) => {
      if (name.startsWith('@opentelemetry/')) loaded.add(name);
      return next(name, context);
    } });
    ${program}
    console.log(JSON.stringify({ loaded: [...loaded] }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', whole], {
    env: { PATH: '', ...env },
  });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { lines, loaded: lines.at(-1)?.['loaded'] as string[] };
}

const program = `
  const { createLogger } = await import('@kintsugi/observability');
  const { createService } = await import('@kintsugi/hosting');
  const { tracing } = await import('@kintsugi/tracing');
  const logger = createLogger('trial', 'info');
  logger.info({ of: 'one line' }, 'first');
  class Nothing {}
  const service = createService({ name: 'trial', settings: {}, nats: false, module: Nothing }, { logger });
  await service.start();
  const span = tracing()?.enter(undefined, () => ({ name: 'trial', kind: 'internal' }));
  const say = () => logger.info('said');
  if (span) tracing().within(span, say);
  else say();
  span?.end();
  logger.info({ traceparent: span?.traceparent }, 'after');
  await service.close();`;

const said = (lines: Record<string, unknown>[], words: string) => lines.find(({ msg }) => msg === words);

test('without somewhere to send traces no SDK is loaded, and a log names no trace', async () => {
  const { lines, loaded } = await ran(program, { OPS_PORT: '0' });
  // What keeps the metrics looks for it.
  expect(loaded.filter((name) => name !== '@opentelemetry/api')).toEqual([]);
  expect(said(lines, 'said')).not.toHaveProperty('trace_id');
  expect(said(lines, 'first')).toHaveProperty('of');
  expect(said(lines, 'said')).not.toHaveProperty('of');
});

test('with it, what is logged names the span in which it was said, and the end of the process waits for what is told', async () => {
  const env = {
    OPS_PORT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=trial',
  };
  const { lines, loaded } = await ran(program, env);
  expect(loaded).toContain('@opentelemetry/sdk-trace');
  const [, traceId, spanId] = String(said(lines, 'after')?.['traceparent']).split('-');
  expect(said(lines, 'said')).toMatchObject({ trace_id: traceId, span_id: spanId });
  expect(said(lines, 'after')).not.toHaveProperty('trace_id');
  expect(receiver.spans).toEqual([expect.objectContaining({ service: 'trial', traceId, spanId, name: 'trial' })]);
});

test('a collector that is away is told in the log, and keeps the process from nothing', async () => {
  const env = { OPS_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '200' };
  const { lines } = await ran(program, env);
  expect(said(lines, 'Traces cannot be sent')).toMatchObject({
    service: 'trial',
    reason: expect.any(String),
  });
});

test('a sampler that there is not is refused by name', async () => {
  const refused = ran(program, { OTEL_TRACES_SAMPLER: 'some' });
  await expect(refused).rejects.toThrow('OTEL_TRACES_SAMPLER');
});
