import { expect, test } from '@jest/globals';
import type { Metrics } from '@kintsugi/observability';
import type { Dispatcher } from '../../dispatch/dispatcher.js';
import type { Effect } from '../../tasks/chunk-writer.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import type { CreatedJobs } from '../created-jobs.js';
import type { IdempotencyStore } from '../mongo/idempotency-store.js';
import { BundleIntake, type SingleTaskJob } from './bundle-intake.js';

const single = {
  ...{ key: 'send 9 keyed', type: 'send', priority: 9, safety: 'keyed', line: '{}', idempotency: null },
  job: { product_id: 'p', sending_group_id: 'g', user_id: 'u', labels: {} },
} as unknown as SingleTaskJob;

function intakeOver(admit: (chunk: Chunk, effect: Effect) => void): BundleIntake {
  const dispatcher: Pick<Dispatcher, 'admit'> = { admit };
  const keys: Pick<IdempotencyStore, 'claim'> = { claim: async () => new Map() };
  const metrics: Pick<Metrics, 'count'> = { count: () => undefined };
  const ids = { uuid: () => '01890a5d-ac96-774b-bcce-b302099a8057' };
  const created = { noteBundle: () => undefined } as unknown as CreatedJobs;
  const stores = [dispatcher as Dispatcher, keys as IdempotencyStore, created] as const;
  return new BundleIntake(...stores, metrics as Metrics, ids, { now: () => 1_000 });
}

test('a bundle that fails keeps no later job of its kind waiting', async () => {
  let failures = 1;
  const intake = intakeOver((_chunk, effect) => {
    if (failures-- > 0) throw new Error('the first one fails');
    effect(null);
  });
  await expect(intake.accept(single)).rejects.toThrow('the first one fails');
  expect(await intake.accept(single)).toMatchObject({ kind: 'accepted' });
});
