import type { JobWait, ResourceLimits } from '@kintsugi/contracts';

/** Where a job stands in the queue that its next tasks wait in. */
export interface QueuePlace {
  /** Workers that offer the queue and take more. */
  workers: readonly { id: string; slots: number; held: number }[];
  /** Workers that offer it and are about to stop. */
  draining: number;
  /** Whether one of the workers would take a task now. */
  hasRoom: boolean;
  /** What the workers lack for one of its tasks; null where that is not what it waits for. */
  resources: { needs: ResourceLimits; isEver: boolean } | null;
  /** Whether those of the job that are next have lost workers, and need one for themselves. */
  isSuspect: boolean;
  /**
   * Ready tasks that go first, as far as they are in memory; `isAll` when there are no others. Those of the same priority with
   * which it takes turns count with one turn each: `sharing` of them, and the first.
   */
  ahead: {
    tasks: number;
    ofHigherPriority: number;
    jobId: string | null;
    sharing: number;
    sharer: string | null;
    isAll: boolean;
  };
  /** What a task of the queue takes; null before the first has ended. */
  pace: { meanMs: number; spreadMs: number } | null;
}

/** Chances of about nine in ten that a sum of many times lies between the bounds: 1.64 standard deviations. */
const ninety = 1.64;
/** A mean absolute deviation is 0.8 of a standard deviation, where times are distributed normally. */
const deviationsOfSpread = 1.25;

export const noEta = { eta_s: null, eta_low_s: null, eta_high_s: null };

/**
 * When a slot is free for the first of the tasks: n tasks before it, each of mean m, over c slots take n m / c, and their sum
 * varies with the square root of n (the central limit theorem). What is under way counts as half done.
 * @param slotsMax slots that the job may have of them
 */
export function etaOf(
  { pace, workers }: QueuePlace,
  ahead: number,
  slotsMax = Infinity,
): Pick<JobWait, 'eta_s' | 'eta_low_s' | 'eta_high_s'> {
  const slots = Math.min(slotsMax, sumOf(workers, 'slots'));
  if (!pace || slots === 0) return noEta;
  const held = Math.min(sumOf(workers, 'held'), slotsMax);
  const waves = (Math.max(0, held - slots) + ahead) / slots;
  const meanMs = pace.meanMs * (waves + 0.5);
  const reach = ninety * deviationsOfSpread * pace.spreadMs * Math.sqrt((waves + 0.5) / slots) + pace.meanMs / 2;
  return { eta_s: rounded(meanMs), eta_low_s: rounded(Math.max(0, meanMs - reach)), eta_high_s: rounded(meanMs + reach) };
}

export function sumOf(workers: QueuePlace['workers'], of: 'slots' | 'held'): number {
  return workers.reduce((sum, worker) => sum + worker[of], 0);
}

/** Seconds, to a tenth. */
export function rounded(ms: number): number {
  return Math.round(ms / 100) / 10;
}
