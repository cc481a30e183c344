import { Injectable } from '@nestjs/common';
import { placeOfTask, type DiscardTasks, type DeferTasks, type RetryTasks, type RequeueTasks } from '@kintsugi/contracts';
import { AbortJob } from '../../dispatch/abort-job.js';
import { TaskEngine } from '../../dispatch/task-engine.js';
import { RerunHolds } from '../../jobs/rerun-holds.js';
import { Clock } from '../../platform/clock.js';
import { StepsOfTask } from '../../steps/steps-of-task.js';
import { linkAttempt } from '../../tasks/attempt-traces.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { discardTask, deferTask, retryTask, requeueTask } from '../../tasks/domain/recovery-moves.js';

/** Carries out what recovery-service has decided. Resolves once it is written; what comes late changes nothing. */
@Injectable()
export class ApplyRecovery {
  constructor(
    private readonly engine: TaskEngine,
    private readonly holds: RerunHolds,
    private readonly clock: Clock,
    private readonly abortJob: AbortJob,
    private readonly steps: StepsOfTask,
  ) {}

  async defer({ tasks }: DeferTasks): Promise<void> {
    await this.apply(tasks, (chunk, index, task) => deferTask(chunk, index, task.attempt, Date.parse(task.next_attempt_at)));
  }

  async retry({ tasks }: RetryTasks): Promise<void> {
    await this.apply(tasks, (chunk, index, task) => retryTask(chunk, index, task.attempt));
  }

  async discard({ tasks }: DiscardTasks): Promise<void> {
    const toAbort = new Set<string>();
    await this.apply(tasks, (chunk, index, task) => {
      const move = task.quarantine ? 'quarantine' : 'discard';
      const changed = discardTask(chunk, index, task.attempt, this.clock.now(), move);
      // Also where an earlier try got no further: a command that comes late finds the task in a later attempt, or alive.
      const isGivenUp = chunk.state.attempts[index] === task.attempt && chunk.stateOf(index) === 'dead';
      const { jobId } = chunk.identity;
      if (task.fail_job && isGivenUp && jobId !== null) toAbort.add(jobId);
      return changed;
    });
    for (const jobId of toAbort) await this.abortJob.execute(jobId);
  }

  async requeue({ tasks, params, from_step: fromStep }: RequeueTasks): Promise<void> {
    const places = fromStep === undefined ? new Map<string, number>() : await this.placesOf(tasks, fromStep);
    const held = new Map<string, RequeueTasks['tasks'][number][]>();
    await this.apply(tasks, (chunk, index, task) => {
      const { jobId } = chunk.identity;
      if (jobId !== null && this.holds.isMissing(jobId)) {
        held.set(jobId, [...(held.get(jobId) ?? []), task]);
        return false;
      }
      const changed = requeueTask(chunk, index, task.attempt, params, this.clock.now(), places.get(task.task_id));
      if (changed) linkAttempt(chunk, index);
      return changed;
    });
    for (const [jobId, ofJob] of held) {
      await this.holds.taking(jobId, () => this.requeue({ tasks: ofJob, params, from_step: fromStep }));
    }
  }

  /** Where the tasks have a step of the name, of those that have one. */
  private async placesOf(tasks: readonly { task_id: string }[], name: string): Promise<Map<string, number>> {
    const places = new Map<string, number>();
    const chunks = new Map<string, Chunk>();
    const ids = new Set(tasks.map(({ task_id: taskId }) => placeOfTask(taskId).chunkId));
    await this.engine.withChunks([...ids], (held) => {
      for (const chunk of held) chunks.set(chunk.id, chunk);
    });
    for (const { task_id: taskId } of tasks) {
      const { chunkId, index } = placeOfTask(taskId);
      const chunk = chunks.get(chunkId);
      const step = chunk && (await this.steps.at(chunk, index)).find((kept) => kept.name === name);
      if (step) places.set(taskId, step.sequence);
    }
    return places;
  }

  private async apply<Task extends { task_id: string }>(
    tasks: readonly Task[],
    make: (chunk: Chunk, index: number, task: Task) => boolean,
  ): Promise<void> {
    const byChunk = new Map<string, { index: number; task: Task }[]>();
    for (const task of tasks) {
      const { chunkId, index } = placeOfTask(task.task_id);
      const others = byChunk.get(chunkId);
      if (others) others.push({ index, task });
      else byChunk.set(chunkId, [{ index, task }]);
    }
    await this.engine.changeAll([...byChunk.keys()], (chunk) => {
      const wanted = byChunk.get(chunk.id) ?? [];
      return wanted.map(({ index, task }) => make(chunk, index, task)).some(Boolean);
    });
  }
}
