import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { RecoverableRecords } from '../recoveries/recoverable-records.js';
import type { StoredGroupRecovery } from './domain/group-recovery.js';
import { isUnderWay } from './domain/group-recovery-lifecycle.js';
import { wordsOf } from './domain/recovery-wait.js';
import { GroupRecoveries } from './group-recoveries.js';

/**
 * Of one record, whoever looks at it sees what is waited for, and how that ended. A note that cannot be written keeps no
 * recovery from its way: what it says stands in the recovery, too.
 */
@Injectable()
export class WaitNotes {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly recoverable: RecoverableRecords,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async add(recovery: StoredGroupRecovery): Promise<void> {
    await this.tryFor(recovery, async (recordId, note) => {
      await this.recoverable.noteAttempt([recordId], note, recovery.requested_at);
      // It can have begun or ended before there was a note to move on.
      const now = await this.recoveries.find(recovery._id);
      if (now && now.state !== 'waiting') await this.recoverable.moveNote(recordId, note, noteBehind(now));
    });
  }

  /** For a recovery that waits no more. */
  async moveOn(recovery: StoredGroupRecovery): Promise<void> {
    await this.tryFor(recovery, (recordId, note) => this.recoverable.moveNote(recordId, note, noteBehind(recovery)));
  }

  private async tryFor(recovery: StoredGroupRecovery, write: (recordId: string, note: string) => Promise<void>): Promise<void> {
    const { _id: id, wait, filter } = recovery;
    if (!wait || filter.error_record_id === undefined) return;
    try {
      await write(filter.error_record_id, `waiting: ${id} waits for ${wait.conditions.map(wordsOf).join(', and for ')}`);
    } catch (error) {
      this.logger.error(
        { error, recovery: id },
        'What a recovery waits for could not be noted in its record; it goes on without',
      );
    }
  }
}

function noteBehind({ _id, state, reason }: StoredGroupRecovery): string {
  return `waited: ${_id} ${isUnderWay(state) ? 'has begun' : `was ${state}`}: ${reason}`;
}
