import { Injectable } from '@nestjs/common';
import { EventPublisher } from '@kintsugi/messaging';
import { FailureGroups } from '../failure-groups.js';

const groupsAtOnce = 100;

/** Tells the world of groups that came back: a group carries its events until the broker has them. */
@Injectable()
export class TellRegressions {
  constructor(
    private readonly groups: FailureGroups,
    private readonly publisher: EventPublisher,
  ) {}

  async execute(signal: AbortSignal): Promise<void> {
    for (const { _id, tenant, error_type, title, events } of await this.groups.withEvents(groupsAtOnce)) {
      for (const { event_id, at, resolved_at, job_id, error_record_id } of events) {
        if (signal.aborted) return;
        await this.publisher.publish({
          ...{ id: event_id, name: 'group.regressed', source: 'recovery-service', subject: _id, time: at },
          data: {
            groups: [{ group_id: _id, tenant, error_type, title, resolved_at, regressed_at: at, job_id, error_record_id }],
          },
        });
        await this.groups.told(_id, event_id);
      }
    }
  }
}
