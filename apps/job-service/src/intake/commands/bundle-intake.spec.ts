import { beforeEach, describe, expect, test } from '@jest/globals';
import { inBackground } from '@kintsugi/boundary';
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

describe('while a bundle is being written', () => {
  let bundles: Chunk[];
  let effects: Effect[];
  let intake: BundleIntake;

  beforeEach(() => {
    [bundles, effects] = [[], []];
    intake = intakeOver((chunk, effect) => {
      bundles.push(chunk);
      effects.push(effect);
    });
  });

  /** So many jobs that arrive in one turn. Gives how many jobs each bundle holds that has been given to be written. */
  async function arrive(count: number): Promise<number[]> {
    for (let job = 0; job < count; job += 1) inBackground('accept', () => intake.accept(single));
    await turns();
    return bundles.map(({ identity }) => identity.count);
  }

  test('the next is written beside it as long as they are small, and no more than a few', async () => {
    expect(await arrive(5)).toEqual([5]);
    expect(await arrive(6)).toEqual([5, 6]);
    expect(await arrive(7)).toEqual([5, 6, 7]);
    expect(await arrive(8)).toEqual([5, 6, 7]);
    await arrive(2);
    effects[1]?.(null);
    await turns();
    expect(await arrive(0)).toEqual([5, 6, 7, 10]);
  });

  test('of many jobs, those that arrive share the next one', async () => {
    expect(await arrive(100)).toEqual([100]);
    expect(await arrive(50)).toEqual([100]);
    await arrive(50);
    effects[0]?.(null);
    await turns();
    expect(await arrive(0)).toEqual([100, 100]);
  });
});

/** Lets the event loop go round. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
