import { Injectable } from '@nestjs/common';
import type { ActionRequest, FailureGroup } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import type { StoredGroup } from '../domain/failure-group.js';
import { FailureGroups } from '../failure-groups.js';
import { GroupReader } from '../group-reader.js';

/** As often as failures may be counted in it at the same moment. */
const roundsMax = 50;

/** What a person says of a group: how far it is, who sees to it, what to remember. */
@Injectable()
export class UpdateGroup {
  constructor(
    private readonly groups: FailureGroups,
    private readonly reader: GroupReader,
    private readonly clock: Clock,
  ) {}

  async execute(request: ActionRequest<'updateGroup'>, { actor }: Origin): Promise<FailureGroup> {
    for (let round = 0; round < roundsMax; round += 1) {
      const previous = await this.reader.find(request.group_id, actor);
      const next = edited(previous, request, new Date(this.clock.now()).toISOString());
      if (await this.groups.write([{ previous, next }])) return this.reader.view(next);
    }
    throw new Error(`The group ${request.group_id} keeps changing while it is being changed.`);
  }
}

function edited(group: StoredGroup, request: ActionRequest<'updateGroup'>, now: string): StoredGroup {
  const { state, ignored_until, ignored_for_count, assignee, note } = request;
  return {
    ...group,
    ...(state === undefined
      ? {}
      : {
          state,
          state_at: now,
          ignored_until: ignored_until === undefined ? null : new Date(ignored_until).toISOString(),
          ignored_count: ignored_for_count === undefined ? null : group.count + ignored_for_count,
        }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(note === undefined ? {} : { note }),
    version: group.version + 1,
  };
}
