import { Injectable } from '@nestjs/common';
import { ProblemError, limits, serviceActor } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import type { GroupedTasks } from '../grouped-tasks.js';

const timeoutMs = 10_000;
const actor = serviceActor('job-service');

/** Asks recovery-service, which alone knows what failures are of one kind. */
@Injectable()
export class NatsGroupedTasks implements GroupedTasks {
  constructor(private readonly bus: Bus) {}

  async idsOf(jobId: string, groupIds: readonly string[]): Promise<ReadonlySet<string>> {
    const request = { job_id: jobId, group_ids: [...groupIds] };
    const { task_ids: ids, more } = await callAction(this.bus, 'listGroupTasks', request, {
      timeoutMs,
      origin: ownOrigin(actor),
    });
    if (!more) return new Set(ids);
    throw new ProblemError(
      'STATE_CONFLICT',
      `More than ${limits.rerunGroupTasks} tasks of the job are in these groups. Name fewer groups, or select the same tasks by error_types, states or conditions, of which there may be any number.`,
      {
        errors: [
          {
            path: 'data.group_ids',
            rule: 'TOO_MANY',
            got: `more than ${limits.rerunGroupTasks} tasks`,
            allowed: `groups with at most ${limits.rerunGroupTasks} tasks of the job, or error_types, states and conditions`,
          },
        ],
      },
    );
  }
}
