// With somewhere to send traces, a job that fails once and heals is told as the documentation says, and no word of it leaves with them.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { OtlpReceiver, eventually } from '@kintsugi/testing';
import { PlatformUnderTest } from './platform-under-test.js';
import { treeOf } from './trace-tree.js';

let receiver: OtlpReceiver;
let under: PlatformUnderTest;

beforeAll(async () => {
  receiver = await OtlpReceiver.start();
  under = await PlatformUnderTest.start({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
    workerProgram: 'tests/system/workers/traced-worker.mjs',
  });
});

afterAll(async () => {
  await under?.stop();
  await receiver?.stop();
});

test('tree', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const response = await fetch(new URL('/job-operations', under.platform.urls.api), {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify({
      action: 'createJob',
      data: { product_id: 'p', sending_group_id: 'g', type: 'test.traced', tasks: [{ payload: { fails: true } }] },
    }),
  });
  const { job_id } = (await response.json()) as any;
  const job = await under.ended(job_id);
  await new Promise((r) => setTimeout(r, 3000));
  console.log(treeOf(receiver.spans));
  console.log(job, await under.tasks(job_id));
});
