// With somewhere to send traces, a job that fails once and heals is told as the documentation says, and no payload and no secret leaves so.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from '@kintsugi/client';
import { OtlpReceiver, eventually } from '@kintsugi/testing';
import { PlatformUnderTest } from './platform-under-test.js';
import { treeOf } from './trace-tree.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const canary = 'canary-7f3a';

let receiver: OtlpReceiver;
let under: PlatformUnderTest;

beforeAll(async () => {
  receiver = await OtlpReceiver.start();
  under = await PlatformUnderTest.start({
    workerProgram: 'tests/system/workers/traced-worker.mjs',
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      TRACE_URL_TEMPLATE: 'https://traces.example/{trace_id}',
    },
  });
});

afterAll(async () => {
  await under?.stop();
  await receiver?.stop();
});

test('a job that fails once and heals is told as docs/tracing.md shows', async () => {
  const baseUrl = under.platform.urls.api;
  const traced = createClient({ baseUrl, apiKey: `kin_${canary}`, traceparent: () => `00-${traceId}-b7ad6b7169203331-01` });
  const { job_id: jobId } = await traced.createJob({
    ...{ product_id: 'p', sending_group_id: 'g', type: 'test.traced', labels: { word: canary } },
    tasks: [{ payload: { fails: true, secret: canary } }],
  });
  const job = await under.ended(jobId);
  expect(job).toMatchObject({
    status: 'completed',
    trace_id: traceId,
    trace_url: `https://traces.example/${traceId}`,
  });
  const [, documented] = /```text\n([^`]*)\n```/.exec(readFileSync('docs/tracing.md', 'utf8')) ?? [];
  await eventually(() => expect(treeOf(receiver.spans)).toBe(documented));
  const asked = receiver.spans.filter(({ name, service }) => service === 'recovery-service' && name === 'insert error_records');
  expect(asked.map(({ attributes }) => attributes['db.system.name'])).toEqual(['mongodb']);
  expect(Buffer.concat(receiver.bodies).includes(canary)).toBe(false);
});
