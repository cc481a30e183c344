import { isFinished } from '@kintsugi/contracts';
import { bundledJobStatus } from './bundled-job-status.js';
import type { Chunk } from './chunk.js';

/** When a single-task job began, and when it ended, in epoch milliseconds; null where it has not. */
export interface BundledJobTimes {
  startedAt: number | null;
  finishedAt: number | null;
}

/** From the first run of its task to the end of the last one, unless the job ended otherwise than with a run. */
export function bundledJobTimes(chunk: Chunk, index: number): BundledJobTimes {
  const { startedAt, tookUs, extras } = chunk.state;
  const lastStart = startedAt[index] ?? 0;
  const ended = extras.ended[index];
  return {
    startedAt: lastStart > 0 ? (extras.began[index] ?? lastStart) : null,
    finishedAt: isFinished(bundledJobStatus(chunk, index)) ? endOf(chunk, lastStart, (tookUs[index] ?? 0) / 1000, ended) : null,
  };
}

function endOf({ identity }: Chunk, lastStart: number, tookMs: number, ended: number | undefined): number | null {
  // Our clock may have been set back since.
  if (ended !== undefined) return Math.max(ended, lastStart, identity.acceptedAt);
  return lastStart > 0 ? lastStart + tookMs : null;
}
