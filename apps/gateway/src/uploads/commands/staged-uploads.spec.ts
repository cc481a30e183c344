import { expect, test } from '@jest/globals';
import { serviceActor, type JobHead } from '@kintsugi/contracts';
import type { Backend } from '../../nats/backend.js';
import { StagedUploads } from './staged-uploads.js';

const origin = { actor: serviceActor('gateway'), requestId: 'r' };
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };

const nextTurn = () => new Promise<false>((resolve) => setImmediate(resolve, false));
const chunksOfEach = 10;
const uploadsAtOnce = 12;

test('however many uploads there are and however slow the store is, so many chunks are on their way at once, and all arrive', async () => {
  const unanswered: (() => void)[] = [];
  let most = 0;
  let staged = 0;
  const backend = {
    requestBodyWithRetry: async () => {
      await new Promise<void>((resolve) => {
        most = Math.max(most, unanswered.push(resolve));
      });
      staged += 1;
    },
    requestWithRetry: async (_action: string, { job_id }: { job_id: string }) => ({ job_id, replayed: false }),
  } as unknown as Backend;
  const uploads = new StagedUploads(backend);
  const all = Array.from({ length: uploadsAtOnce }, async () => {
    const upload = uploads.begin(origin);
    for (let sequence = 0; sequence < chunksOfEach; sequence += 1) await upload.stage({ sequence, lines: ['{}'] });
    return upload.commit(head, '');
  });
  const isOver = Promise.all(all).then(() => true);
  // One answer at a time, as slow as a store may be.
  while (!(await Promise.race([isOver, nextTurn()]))) unanswered.shift()?.();
  expect(staged).toBe(uploadsAtOnce * chunksOfEach);
  expect(most).toBe(24);
});

test('an upload that is ended while it waits for room stages no more of itself', async () => {
  let asked = 0;
  const backend = {
    requestBodyWithRetry: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
  } as unknown as Backend;
  const uploads = new StagedUploads(backend);
  for (let other = 0; other < 3; other += 1) {
    const upload = uploads.begin(origin);
    for (let sequence = 0; sequence < 8; sequence += 1) upload.stage({ sequence, lines: ['{}'] }).catch(() => undefined);
  }
  await nextTurn();
  const ended = new AbortController();
  const staging = uploads.begin(origin, ended.signal).stage({ sequence: 0, lines: ['{}'] });
  ended.abort(new Error('The slot goes to another sender.'));
  await expect(staging).rejects.toThrow('another sender');
  expect(asked).toBe(24);
});
