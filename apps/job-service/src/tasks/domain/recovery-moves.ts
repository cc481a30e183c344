import { layParamsOver } from '@kintsugi/contracts';
import type { Chunk } from './chunk.js';
import { cutSteps } from './counted-steps.js';
import { noteStart } from './note-start.js';
import { boundRun } from './run-bounds.js';
import { paramsOf } from './task-params.js';
import { noteEndWithoutRun, settleBundledJobs } from './settle-bundled-jobs.js';

/**
 * What recovery-service or a person asks for a task. Each names the attempt it is about: when the task has been
 * run since, the request is late and changes nothing. All give whether something changed.
 */

export function deferTask(chunk: Chunk, index: number, attempt: number, dueAt: number): boolean {
  if (chunk.state.attempts[index] !== attempt || !chunk.move(index, 'defer')) return false;
  chunk.setExtra('due', index, dueAt);
  return true;
}

export function retryTask(chunk: Chunk, index: number, attempt: number): boolean {
  if (chunk.state.attempts[index] !== attempt || !chunk.move(index, 'retry')) return false;
  chunk.setExtra('due', index, undefined);
  return true;
}

export function discardTask(
  chunk: Chunk,
  index: number,
  attempt: number,
  now: number,
  move: 'discard' | 'quarantine' = 'discard',
): boolean {
  if (chunk.state.attempts[index] !== attempt || !['failed', 'waiting_retry'].includes(chunk.stateOf(index))) return false;
  const hasWaited = chunk.stateOf(index) === 'waiting_retry';
  if (!chunk.move(index, move)) return false;
  chunk.setExtra('due', index, undefined);
  if (hasWaited) noteEndWithoutRun(chunk, index, now);
  settleBundledJobs(chunk, [index], now);
  return true;
}

/**
 * Ready again, with the params laid over its payload. A lost lease of the task can no longer report. With a sequence of a step, that
 * one and those behind it are done anew.
 */
export function requeueTask(
  chunk: Chunk,
  index: number,
  attempt: number,
  params: Record<string, unknown> | undefined,
  now: number,
  fromStep?: number,
): boolean {
  if (chunk.state.attempts[index] !== attempt) return false;
  const ended = chunk.stateOf(index) !== 'failed' && chunk.stateOf(index) !== 'waiting_retry';
  if (!chunk.move(index, 'requeue')) return false;
  chunk.setExtra('due', index, undefined);
  chunk.setExtra('cancel', index, undefined);
  chunk.setExtra('ended', index, undefined);
  // It has all its tries again, still in the isolation that its losses ask for.
  const losses = chunk.state.extras.losses[index];
  if (losses) chunk.setExtra('losses', index, { ...losses, alone: 0 });
  if (params) chunk.setExtra('params', index, JSON.stringify(layParamsOver(paramsOf(chunk, index), params)));
  const steps = chunk.state.extras.steps[index];
  if (steps && fromStep !== undefined) chunk.setExtra('steps', index, cutSteps(steps, chunk.state.fence + 1, fromStep));
  for (const lease of chunk.state.leases) {
    if (lease.lost) lease.indexes = lease.indexes.filter((other) => other !== index);
  }
  chunk.state.leases = chunk.state.leases.filter((lease) => lease.indexes.length > 0);
  // A task requeued after the loss of its worker counts as failed, so that its success is told as a recovery.
  chunk.state.failures[index] = Math.max(1, chunk.state.failures[index] ?? 0);
  if (ended && chunk.identity.jobs) chunk.emit('job.recovered', [index], now);
  return true;
}

/** Cancels what is not with a worker. Gives the indexes whose workers have to be asked to stop. */
export function cancelTasks(chunk: Chunk, indexes: readonly number[], now: number): number[] {
  const held: number[] = [];
  const cancelled: number[] = [];
  for (const index of indexes) {
    const state = chunk.stateOf(index);
    if (state === 'leased' || state === 'running') {
      held.push(index);
      chunk.setExtra('cancel', index, true);
    } else if (state === 'outcome_unknown') {
      // A late report that it failed is not to have it run again.
      chunk.setExtra('cancel', index, true);
    } else if (chunk.move(index, 'cancel')) {
      chunk.setExtra('due', index, undefined);
      noteEndWithoutRun(chunk, index, now);
      cancelled.push(index);
    }
  }
  settleBundledJobs(chunk, cancelled, now);
  return held;
}

/** The worker tells that tasks have been running for a while. */
export function startTasks(
  chunk: Chunk,
  fence: number,
  starts: readonly [index: number, startedAt: number][],
  now: number,
): boolean {
  const lease = chunk.leaseOf(fence);
  if (!lease) return false;
  let changed = false;
  for (const [index, told] of starts) {
    if (!lease.indexes.includes(index) || !chunk.move(index, 'start')) continue;
    const { startedAt } = boundRun({ startedAt: told, tookUs: 0 }, chunk, lease, now);
    noteStart(chunk, index, startedAt);
    changed = true;
  }
  return changed;
}
