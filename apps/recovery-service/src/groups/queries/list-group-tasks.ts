import { Injectable } from '@nestjs/common';
import { limits, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { ErrorRecordSearch } from '../../records/error-record-search.js';
import { FailureGroups } from '../failure-groups.js';

/** Which tasks of a job have failures in groups. */
@Injectable()
export class ListGroupTasks {
  constructor(
    private readonly groups: FailureGroups,
    private readonly search: ErrorRecordSearch,
  ) {}

  /** A group that was made part of another is that other; its records may still be on their way there. */
  async execute(request: ActionRequest<'listGroupTasks'>): Promise<ActionResponse<'listGroupTasks'>> {
    const found = await this.groups.findMany(request.group_ids);
    const ids = new Set([...request.group_ids, ...[...found.values()].flatMap(({ merged_into: other }) => other ?? [])]);
    const tasks = await this.search.tasksOf(request.job_id, [...ids], limits.rerunGroupTasks + 1);
    return { task_ids: tasks.slice(0, limits.rerunGroupTasks), more: tasks.length > limits.rerunGroupTasks };
  }
}
