import { Injectable } from '@nestjs/common';
import type { ActionRequest, GroupDetails } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { ErrorRecordSearch } from '../../records/error-record-search.js';
import { GroupReader } from '../group-reader.js';

const noRecords: GroupDetails['records'] = {
  ...{ count: 0, waiting: 0, outcome_unknown: 0, jobs: 0 },
  by_status: { pending: 0, in_progress: 0, recovered: 0, failed: 0 },
};

/** A group of failures, and how its records stand. */
@Injectable()
export class GetGroup {
  constructor(
    private readonly reader: GroupReader,
    private readonly search: ErrorRecordSearch,
  ) {}

  async execute({ group_id }: ActionRequest<'getGroup'>, { actor }: Origin): Promise<GroupDetails> {
    const group = await this.reader.find(group_id, actor);
    const [summed] = await this.search.groups({ group_id: group._id }, 1);
    const { count, by_status, waiting, outcome_unknown, jobs } = summed ?? noRecords;
    return { ...(await this.reader.view(group)), records: { count, by_status, waiting, outcome_unknown, jobs } };
  }
}
