import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  type ActionInput,
  type ActionName,
  type ActionResponse,
  type TaskPage,
  type TaskStatus,
  type WedgeMark,
} from '@kintsugi/contracts';
import { Bus, callAction, type Origin } from '@kintsugi/messaging';
import type { LiveJob, LiveJobs } from '../queries/live-jobs.js';
import { isAway } from './is-away.js';

/** Well below the time that the caller waits for us, so that history can still answer. */
const timeoutMs = 3_000;
/** For what is only a hint beside the answer. */
const hintTimeoutMs = 1_000;

/** Asks job-service over request and reply. */
@Injectable()
export class NatsLiveJobs implements LiveJobs {
  constructor(private readonly bus: Bus) {}

  async get(jobId: string, origin: Origin): Promise<LiveJob> {
    try {
      return { kind: 'found', job: await callAction(this.bus, 'getJob', { job_id: jobId }, { timeoutMs, origin }) };
    } catch (error) {
      if (isProblemOf(error, 'JOB_NOT_FOUND')) return { kind: 'missing' };
      if (isAway(error)) return { kind: 'away' };
      throw error;
    }
  }

  async unserved(queues: readonly string[], origin: Origin): Promise<readonly string[]> {
    const answer = await this.hint('checkQueues', { queues: [...queues] }, origin);
    return answer?.unserved ?? [];
  }

  async wedged(jobIds: readonly string[], origin: Origin): Promise<ReadonlyMap<string, WedgeMark>> {
    const answer = await this.hint('checkWedges', { job_ids: [...jobIds] }, origin);
    return new Map(answer?.wedged.map(({ job_id: id, ...mark }) => [id, mark]));
  }

  async standing(taskIds: readonly string[], origin: Origin): Promise<readonly TaskStatus[] | null> {
    const answer = await this.hint('checkTasks', { task_ids: [...taskIds] }, origin);
    return answer?.tasks ?? null;
  }

  async tasks(page: ActionInput<'listTasks'>, origin: Origin): Promise<TaskPage | null> {
    try {
      return await callAction(this.bus, 'listTasks', page, { timeoutMs, origin });
    } catch (error) {
      if (isAway(error) || isProblemOf(error, 'JOB_NOT_FOUND')) return null;
      throw error;
    }
  }

  /** What a list is better with, and is given without while job-service does not answer. */
  private async hint<Action extends ActionName>(
    action: Action,
    data: ActionInput<Action>,
    origin: Origin,
  ): Promise<ActionResponse<Action> | null> {
    try {
      return await callAction(this.bus, action, data, { timeoutMs: hintTimeoutMs, origin });
    } catch (error) {
      if (isAway(error)) return null;
      throw error;
    }
  }
}

function isProblemOf(error: unknown, code: ProblemError['code']): boolean {
  return error instanceof ProblemError && error.code === code;
}
