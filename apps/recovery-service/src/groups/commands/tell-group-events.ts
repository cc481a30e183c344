import { Injectable } from '@nestjs/common';
import { EventPublisher } from '@kintsugi/messaging';
import type { GroupEvent, StoredGroup } from '../domain/failure-group.js';
import { FailureGroups } from '../failure-groups.js';

const groupsAtOnce = 100;

/** Tells the world of groups that came back or are heard again: a group carries its events until the broker has them. */
@Injectable()
export class TellGroupEvents {
  constructor(
    private readonly groups: FailureGroups,
    private readonly publisher: EventPublisher,
  ) {}

  /** Gives whether there were any. */
  async execute(signal: AbortSignal): Promise<boolean> {
    const telling = await this.groups.withEvents(groupsAtOnce);
    for (const group of telling) {
      for (const event of group.events) {
        if (signal.aborted) return true;
        await this.tell(group, event);
        await this.groups.told(group._id, event.event_id);
      }
    }
    return telling.length > 0;
  }

  private async tell({ _id, tenant, error_type, title }: StoredGroup, event: GroupEvent): Promise<void> {
    const group = { group_id: _id, tenant, error_type, title };
    const head = { id: event.event_id, source: 'recovery-service', subject: _id, time: event.at } as const;
    if ('reason' in event) {
      const { at: reopened_at, ignored_at, reason } = event;
      const data = { groups: [{ ...group, ignored_at, reopened_at, reason }] };
      return this.publisher.publish({ ...head, name: 'group.reopened', data });
    }
    const { at: regressed_at, resolved_at, job_id, error_record_id } = event;
    const data = { groups: [{ ...group, resolved_at, regressed_at, job_id, error_record_id }] };
    return this.publisher.publish({ ...head, name: 'group.regressed', data });
  }
}
