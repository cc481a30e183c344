import { Injectable } from '@nestjs/common';
import type { ActionRequest, GroupDetails } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { ErrorRecordSearch } from '../../records/error-record-search.js';
import { GroupReader } from '../group-reader.js';

/** Of a group with very many records, those of some tenths of a second: each of them may lie on a page of its own. */
export const summedMax = 2_000;

const noRecords: GroupDetails['records'] = {
  ...{ count: 0, waiting: 0, outcome_unknown: 0, jobs: 0 },
  by_status: { pending: 0, in_progress: 0, recovered: 0, failed: 0 },
  of_newest: null,
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
    return { ...(await this.reader.view(group)), records: await this.records(group._id) };
  }

  private async records(groupId: string): Promise<GroupDetails['records']> {
    const newest = await this.search.newestOfGroup(groupId, summedMax);
    if (!newest) return noRecords;
    const { by_status, waiting, outcome_unknown, jobs, count } = newest.sum;
    const of_newest = newest.records > count ? count : null;
    return { count: newest.records, by_status, waiting, outcome_unknown, jobs, of_newest };
  }
}
