import { Injectable } from '@nestjs/common';
import type { RecoveryCondition } from '@kintsugi/contracts';
import { Clock } from '../../platform/clock.js';
import { labelOf } from '../../records/domain/asked-fields.js';
import { RecoverableRecords } from '../../recoveries/recoverable-records.js';
import { AwaitedJobs } from '../awaited-jobs.js';
import type { StoredGroupRecovery, StoredWait } from '../domain/group-recovery.js';
import { lookAt, type WaitLook } from '../domain/recovery-wait.js';
import { GroupRecoveries } from '../group-recoveries.js';
import { GroupRecoveryLedger } from '../group-recovery-ledger.js';

const lookEveryMs = 2_000;

/**
 * Looks whether what a recovery waits for holds, and lets it begin, or ends it where it never can. What it waits for is on disk; when it
 * was looked at last is not, so that one that is new to a replica is looked at once more.
 */
@Injectable()
export class AwaitConditions {
  private readonly lookedAt = new Map<string, number>();

  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly recoverable: RecoverableRecords,
    private readonly jobs: AwaitedJobs,
    private readonly ledger: GroupRecoveryLedger,
    private readonly clock: Clock,
  ) {}

  async execute(recovery: StoredGroupRecovery): Promise<void> {
    const now = this.clock.now();
    const { _id, wait } = recovery;
    if (!wait || now < (this.lookedAt.get(_id) ?? 0) + lookEveryMs) return;
    this.lookedAt.set(_id, now);
    const looks = await this.look(recovery, wait);
    const lost = looks.find(({ isLost }) => isLost);
    if (lost) return this.end(recovery, `it waited in vain: ${lost.about}`);
    if (looks.every(({ holds }) => holds)) {
      this.lookedAt.delete(_id);
      const seen = { ...recovery, wait: { ...wait, seen: looks.map(seenOf) } };
      await this.ledger.move(seen, recovery.canary.size > 0 ? 'begin' : 'begin_whole', 'all that it waited for holds');
      return;
    }
    if (now >= wait.until) return this.end(recovery, 'what it waited for has not held at once for as long as it was to wait');
    const seen = looks.map(seenOf);
    if (JSON.stringify(seen) === JSON.stringify(wait.seen)) return;
    await this.recoveries.write(recovery, { ...recovery, wait: { ...wait, seen }, version: recovery.version + 1 });
  }

  /** How each of the conditions stands now. */
  async look(recovery: StoredGroupRecovery, { conditions, approvals }: StoredWait): Promise<WaitLook[]> {
    const looks: WaitLook[] = [];
    for (const condition of conditions) {
      looks.push(
        lookAt(condition, {
          now: this.clock.now(),
          approvals,
          hasFailed: condition.kind === 'dependency' && (await this.hasFailed(condition, recovery)),
          jobStatus: condition.kind === 'job' ? await this.jobs.statusOf(condition.job_id, recovery.requested_by) : null,
        }),
      );
    }
    return looks;
  }

  private async end(recovery: StoredGroupRecovery, reason: string): Promise<void> {
    this.lookedAt.delete(recovery._id);
    await this.ledger.move(recovery, 'stop', reason);
  }

  private async hasFailed(
    { error_type, label, quiet_seconds: quiet }: Extract<RecoveryCondition, { kind: 'dependency' }>,
    { tenant }: StoredGroupRecovery,
  ): Promise<boolean> {
    return this.recoverable.exist({
      error_type,
      label: label === undefined ? undefined : labelOf(label),
      tenant: tenant ?? undefined,
      from: new Date(this.clock.now() - quiet * 1_000).toISOString(),
    });
  }
}

function seenOf({ holds, about }: WaitLook): { holds: boolean; about: string } {
  return { holds, about };
}
