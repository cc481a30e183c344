import { expect, test } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import { limits, subjects } from '@kintsugi/contracts';
import type { Bus } from '@kintsugi/messaging';
import { Health, Metrics } from '@kintsugi/observability';
import { answerFleet } from './answer-fleet.js';
import { SelfReport } from './self-report.js';

test('the metrics of a hundred job types fit into a message', async () => {
  const metrics = new Metrics('job-service');
  for (let type = 0; type < 100; type += 1) {
    for (const outcome of ['succeeded', 'failed', 'lost', 'returned', 'cancelled']) {
      metrics.observeMany('kintsugi_attempt_seconds', [100], 1e-6, { type: `newsletter.of-every-single-week.${type}`, outcome });
    }
  }
  const faults: unknown[] = [];
  const answer = await new Promise<Uint8Array>((respond) => {
    const bus = {
      subscribe: (subject: string, onMessage: (message: unknown) => void) => {
        if (subject === subjects.metrics) onMessage({ reply: 'answers', respond });
      },
    };
    const self = new SelfReport({ service: 'job-service', instance: 'a' }, metrics, new Health('job-service'));
    answerFleet(bus as unknown as Bus, { self, opsAddress: () => null, onFault: (fault) => faults.push(fault) });
  });
  expect(gunzipSync(answer).length).toBeGreaterThan(limits.messageBytes);
  expect(answer.length).toBeLessThan(limits.messageBytes / 4);
  expect(faults).toEqual([]);
});
