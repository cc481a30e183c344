import type { JobStatus } from '@kintsugi/contracts';
import { bundledJobStatus } from './bundled-job-status.js';
import type { Chunk } from './chunk.js';

/** Who asks for a move, and whether what runs is to stop. */
export interface Asked {
  by: string;
  stop?: boolean;
}

const pausableStatuses: readonly JobStatus[] = ['pending', 'running'];

/** Pauses the job at a place of a bundle. False, and nothing changed, where it is not one that may be paused. */
export function pauseBundledJob(chunk: Chunk, index: number, { by, stop = false }: Asked, now: number): boolean {
  if (!pausableStatuses.includes(bundledJobStatus(chunk, index))) return false;
  chunk.setPaused(index, true);
  chunk.emit('job.paused', [index], now, { asked: { by, status: 'paused', stopped: stop } });
  return true;
}

/** Lets a paused job at a place of a bundle go on. False, and nothing changed, where it is not paused. */
export function resumeBundledJob(chunk: Chunk, index: number, { by }: Asked, now: number): boolean {
  if (bundledJobStatus(chunk, index) !== 'paused') return false;
  chunk.setPaused(index, false);
  chunk.emit('job.resumed', [index], now, { asked: { by, status: bundledJobStatus(chunk, index), stopped: false } });
  return true;
}

/**
 * Asks for tasks back that workers hold. Gives those that have to be asked to stop; of unsafe ones that is what waits at the
 * worker: one that runs may have taken effect, and goes on.
 */
export function askBack(chunk: Chunk, indexes: readonly number[]): number[] {
  const held = indexes.filter((index) => chunk.stateOf(index) === 'leased' || chunk.stateOf(index) === 'running');
  if (chunk.identity.safety !== 'unsafe') for (const index of held) chunk.setExtra('stop', index, true);
  return held;
}
