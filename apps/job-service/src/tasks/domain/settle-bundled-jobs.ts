import type { FinishedJobStatus } from '@kintsugi/contracts';
import { bundledJobEnd } from './bundled-job-status.js';
import type { Chunk } from './chunk.js';

/** Notes when the job at a place of a bundle ended, where that was not with a run of its task. */
export function noteEndWithoutRun(chunk: Chunk, index: number, now: number): void {
  if (chunk.identity.jobs) chunk.setExtra('ended', index, now);
}

/** In a bundle a task's end is its job's end: promises the ending events for those of `indexes` that have ended. */
export function settleBundledJobs(chunk: Chunk, indexes: readonly number[], now: number): void {
  const { jobs } = chunk.identity;
  if (!jobs) return;
  const ended = new Map<FinishedJobStatus, number[]>();
  for (const index of indexes) {
    const end = bundledJobEnd(chunk.stateOf(index));
    if (!end || !jobs[index]) continue;
    if (chunk.isPaused(index)) chunk.setPaused(index, false);
    const others = ended.get(end);
    if (others) others.push(index);
    else ended.set(end, [index]);
  }
  for (const [end, of] of ended) chunk.emit(`job.${end}`, of, now);
}
