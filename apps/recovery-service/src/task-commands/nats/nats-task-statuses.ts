import { Injectable } from '@nestjs/common';
import { ProblemError, problemCatalogue, serviceActor, type TaskStatus } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import type { TaskStatuses } from '../task-statuses.js';

/** Well below the time between two looks: whoever does not answer gets the commands again instead. */
const timeoutMs = 5_000;
const actor = serviceActor('recovery-service');

/** Asks job-service how tasks stand. */
@Injectable()
export class NatsTaskStatuses implements TaskStatuses {
  constructor(private readonly bus: Bus) {}

  async of(taskIds: readonly string[]): Promise<Map<string, TaskStatus> | null> {
    try {
      const { tasks } = await callAction(
        this.bus,
        'checkTasks',
        { task_ids: [...taskIds] },
        { timeoutMs, origin: ownOrigin(actor) },
      );
      return new Map(tasks.map((status) => [status.task_id, status]));
    } catch (error) {
      if (error instanceof ProblemError && problemCatalogue[error.code].retryable) return null;
      throw error;
    }
  }
}
