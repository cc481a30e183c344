import { Injectable } from '@nestjs/common';
import type { ActionRequest, ErrorGroupList } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { ErrorRecordSearch } from '../error-record-search.js';

/** Groups of failures that look alike, largest first. */
@Injectable()
export class ListErrorGroups {
  constructor(private readonly search: ErrorRecordSearch) {}

  async execute({ limit, ...filter }: ActionRequest<'listErrorGroups'>, { actor }: Origin): Promise<ErrorGroupList> {
    return { items: await this.search.groups({ ...filter, tenant: actor.tenant ?? undefined }, limit) };
  }
}
