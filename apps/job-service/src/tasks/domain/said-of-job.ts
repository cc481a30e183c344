import type { Labels } from '@kintsugi/contracts';

/** What a chunk has from a job that says so; each is left out where nothing was said. */
export interface SaidOfJob {
  tenant?: string;
  timeoutS?: number;
  /** These two failures are told with, so that recovery can decide by them. */
  labels?: Labels;
  deadlineAt?: string;
}
