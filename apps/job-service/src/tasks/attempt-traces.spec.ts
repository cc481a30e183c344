import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTracing, type StopTracing } from '@kintsugi/tracing/start';
import { EndingAttempts } from './attempt-traces.js';
import { chunkOf } from './domain/chunk-sample.js';
import { Chunk } from './domain/chunk.js';
import { leaseTasks } from './domain/lease-tasks.js';
import { loseLease } from './domain/lose-lease.js';

let stop: StopTracing;

beforeAll(async () => {
  stop = await startTracing({
    ...{ endpoint: 'http://127.0.0.1:9', tracesEndpoint: undefined, isDisabled: false, sampler: 'always_on', ratio: 1 },
    ...{ exportEveryMs: 60_000, onTrouble: () => undefined, resource: {} },
  });
});

afterAll(() => stop());

test('an attempt whose worker was lost is told once, whatever that worker reports later', () => {
  const { identity, state, lines } = chunkOf(1);
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const chunk = new Chunk({ ...identity, safety: 'unsafe', traceparent }, state, lines);
  const { lease } = leaseTasks(chunk, [0], 'w', 0);
  expect(EndingAttempts.of(chunk, lease.fence)).not.toBeNull();
  loseLease(chunk, lease.fence, { alone: true, lossesMax: 5, now: 1 });
  expect(chunk.leaseOf(lease.fence)).toMatchObject({ lost: true });
  expect(EndingAttempts.of(chunk, lease.fence)).toBeNull();
});
