import { Injectable } from '@nestjs/common';
import type { ActionRequest, FailureGroup } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import type { StoredGroup } from '../domain/failure-group.js';
import { GroupChanges } from '../group-changes.js';
import { GroupReader } from '../group-reader.js';

/** What a person says of a group: how far it is, who sees to it, what to remember. */
@Injectable()
export class UpdateGroup {
  constructor(
    private readonly changes: GroupChanges,
    private readonly reader: GroupReader,
    private readonly clock: Clock,
  ) {}

  async execute(request: ActionRequest<'updateGroup'>, { actor }: Origin): Promise<FailureGroup> {
    const next = await this.changes.change(
      request.group_id,
      (group) => edited(group, request, new Date(this.clock.now()).toISOString()),
      // It may be made part of another in between: that one is changed then, where they may see it.
      () => this.reader.find(request.group_id, actor),
    );
    return this.reader.view(next as StoredGroup);
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
  };
}
