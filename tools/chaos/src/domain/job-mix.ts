import type { CreateJobInput } from '@kintsugi/contracts';
import type { ProducedJob } from './invariants.js';
import type { Random } from './random.js';

export const chaosType = 'chaos.deliver';

/** What a task of a run is told to do: how long it takes, and whether its first attempt fails. */
export interface ChaosPayload {
  waits_ms: number;
  fails_first: boolean;
}

/** A job as real ones come: mostly of one task, some of a few, now and then of more than a chunk. */
export function jobFrom(random: Random, key: string): { job: CreateJobInput; produced: ProducedJob } {
  const draw = random.next();
  const tasks = draw < 0.6 ? 1 : draw < 0.97 ? random.wholeBetween(2, 20) : 300;
  const safety = random.pick(['idempotent', 'keyed', 'keyed', 'unsafe'] as const);
  const job: CreateJobInput = {
    product_id: 'chaos',
    sending_group_id: 'chaos',
    type: chaosType,
    safety,
    idempotency_key: key,
    tasks: Array.from({ length: tasks }, () => ({ payload: payloadFrom(random, safety) })),
  };
  return { job, produced: { key, jobId: null, repeats: [], tasks, safety } };
}

function payloadFrom(random: Random, safety: ProducedJob['safety']): ChaosPayload {
  return { waits_ms: random.wholeBetween(1, 150), fails_first: safety !== 'unsafe' && random.next() < 0.15 };
}
