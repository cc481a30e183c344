import { Injectable } from '@nestjs/common';
import { ProblemError, parseJsonExactly, placeOfTask, type KeepStep as Request } from '@kintsugi/contracts';
import { Leader } from '../platform/leader.js';
import { StepWriter } from '../steps/step-writer.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { TaskEngine } from './task-engine.js';

/** Keeps what a step of a task returned, for whoever holds the lease of the task when it is asked for and when it is safe. */
@Injectable()
export class KeepStep {
  constructor(
    private readonly live: LiveChunks,
    private readonly engine: TaskEngine,
    private readonly writer: StepWriter,
    private readonly leader: Leader,
  ) {}

  async execute(request: Request): Promise<void> {
    if (request.result !== '') parseJsonExactly(request.result, 'data.result');
    const { chunkId, index } = placeOfTask(request.task_id);
    const chunk = this.live.get(chunkId) ?? (await this.loaded(chunkId));
    if (!chunk || !isHeld(chunk, index, request)) throw leaseLost(request);
    const { task_id: taskId, sequence, name, fence, attempt, result } = request;
    const { started_at: startedAt, took_us: tookUs } = request;
    const step = { taskId, sequence, name, fence, attempt, startedAt, tookUs, result };
    await Promise.all([this.mark(chunk, index), this.writer.keep(step)]);
    await this.leader.assertLeading();
    // Whoever has got the lease meanwhile does not know of the step.
    if (!isHeld(chunk, index, request)) throw leaseLost(request);
  }

  private async loaded(chunkId: string): Promise<Chunk | undefined> {
    await this.engine.withChunks([chunkId], () => undefined);
    return this.live.get(chunkId);
  }

  /** Notes at the task that it has steps, with its first one. Resolves once that is safe. */
  private mark(chunk: Chunk, index: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.engine.change(
        chunk,
        () => {
          if (chunk.state.extras.steps[index]) return false;
          chunk.setExtra('steps', index, {});
          return true;
        },
        (_, voided) => (voided ? reject(voided) : resolve()),
      );
    });
  }
}

function isHeld(chunk: Chunk, index: number, { fence, worker_id: workerId }: Request): boolean {
  const lease = chunk.leaseOf(fence);
  return lease?.workerId === workerId && lease.indexes.includes(index);
}

function leaseLost({ task_id: taskId, fence }: Request): ProblemError {
  return new ProblemError('LEASE_LOST', `The lease ${fence} of ${taskId} has passed on: its step is not kept. Stop this run.`);
}
