import type { Labels } from '@kintsugi/contracts';
import type { MadeBy } from './made-by.js';

/** What a chunk has from a job that says so; each is left out where nothing was said. */
export interface SaidOfJob {
  /** In a bundle that was just made: who has made its jobs. It is stored for the audit and read by nothing else. */
  madeBy?: readonly MadeBy[];
  tenant?: string;
  timeoutS?: number;
  /** These two failures are told with, so that recovery can decide by them. */
  labels?: Labels;
  deadlineAt?: string;
  /** The span in which its job was accepted, where that was traced. */
  traceparent?: string;
}
