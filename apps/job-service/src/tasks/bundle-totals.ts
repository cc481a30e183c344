import type { TaskCounts } from '@kintsugi/contracts';

/** What the bundles of jobs of one task held at one moment, read as of then however long after. */
export interface BundleMoment {
  /** Tasks of bundles that were not over, by queue and state. */
  read(): Promise<Map<string, TaskCounts>>;
  /** It will not be read, or has been. */
  end(): Promise<void>;
}

/** What bundles add up to in the record. */
export abstract class BundleTotals {
  /** Holds on to this moment. */
  abstract hold(): Promise<BundleMoment>;
}
