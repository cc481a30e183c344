import { Inject, Injectable } from '@nestjs/common';
import type { RecoveryCondition } from '@kintsugi/contracts';
import { LOGGER } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Clock } from '../../platform/clock.js';
import { labelOf } from '../../records/domain/asked-fields.js';
import { ManualRecoveries } from '../../records/manual-recoveries.js';
import { RecoverableRecords } from '../../recoveries/recoverable-records.js';
import { AwaitedJobs, statusFor, type AwaitedJob } from '../awaited-jobs.js';
import { orderGone, type StoredGroupRecovery, type StoredWait } from '../domain/group-recovery.js';
import { jobsAwaitedBy, lookAt, type WaitLook } from '../domain/recovery-wait.js';
import { GroupRecoveries } from '../group-recoveries.js';
import { GroupRecoveryLedger } from '../group-recovery-ledger.js';

type Dependency = Extract<RecoveryCondition, { kind: 'dependency' }>;

/** What those that wait are judged by in one look at all of them. Each part is asked for once, however many wait for it. */
interface Seen {
  /** Null where job-service could not be asked. */
  jobs: ReadonlyMap<string, AwaitedJob> | null;
  failures: Map<string, Promise<boolean>>;
}

/** Looks whether what recoveries wait for holds, and lets them begin, or ends those for which it never can. */
@Injectable()
export class AwaitConditions {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly manualRecoveries: ManualRecoveries,
    private readonly recoverable: RecoverableRecords,
    private readonly jobs: AwaitedJobs,
    private readonly ledger: GroupRecoveryLedger,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One look for each; a fault of one holds up no other. */
  async execute(waiting: readonly StoredGroupRecovery[], signal: AbortSignal): Promise<void> {
    const seen: Seen = { jobs: await this.readJobs(waiting), failures: new Map() };
    for (const recovery of waiting) {
      if (signal.aborted) return;
      try {
        if (recovery.wait) await this.step(recovery, recovery.wait, seen);
      } catch (error) {
        this.logger.error({ error, recovery: recovery._id }, 'A recovery that waits could not go on; it is tried again');
      }
    }
  }

  private async step(recovery: StoredGroupRecovery, wait: StoredWait, given: Seen): Promise<void> {
    const looks = await this.look(recovery, wait, given).catch((error: unknown) => {
      this.logger.error({ error, recovery: recovery._id }, 'It is not known whether what a recovery waits for holds');
      return null;
    });
    const isOver = this.clock.now() >= wait.until;
    if (!looks) {
      if (isOver) await this.end(recovery, 'it has waited for as long as it was to, and it is not known what holds');
      return;
    }
    const lost = looks.find(({ isLost }) => isLost);
    if (lost) return this.end(recovery, `it waited in vain: ${lost.about}`);
    const seen = looks.map(({ holds, about }) => ({ holds, about }));
    if (looks.every(({ holds }) => holds)) return this.begin({ ...recovery, wait: { ...wait, seen } });
    if (isOver) return this.end(recovery, 'what it waited for has not held at once for as long as it was to wait');
    if (JSON.stringify(seen) === JSON.stringify(wait.seen)) return;
    await this.recoveries.write(recovery, { ...recovery, wait: { ...wait, seen }, version: recovery.version + 1 });
  }

  /** How each of the conditions stands now; null where it cannot be known. */
  private async look(recovery: StoredGroupRecovery, wait: StoredWait, { jobs, failures }: Seen): Promise<WaitLook[] | null> {
    const looks: WaitLook[] = [];
    for (const [at, condition] of wait.conditions.entries()) {
      if (condition.kind === 'job' && !jobs) return null;
      const job = condition.kind === 'job' ? jobs?.get(condition.job_id) : undefined;
      looks.push(
        lookAt(condition, {
          now: this.clock.now(),
          approvals: wait.approvals,
          hasFailed: condition.kind === 'dependency' && (await this.hasFailed(condition, recovery, failures)),
          jobStatus: statusFor(recovery.requested_by, job),
          held: wait.seen[at]?.holds ?? false,
        }),
      );
    }
    return looks;
  }

  private async begin(recovery: StoredGroupRecovery): Promise<void> {
    if (!(await this.manualRecoveries.renew(recovery._id))) return this.end(recovery, orderGone);
    const move = recovery.canary.size > 0 ? 'begin' : 'begin_whole';
    await this.ledger.move(recovery, move, 'all that it waited for holds');
  }

  private async end(recovery: StoredGroupRecovery, reason: string): Promise<void> {
    await this.ledger.move(recovery, 'stop', reason);
  }

  private async readJobs(waiting: readonly StoredGroupRecovery[]): Promise<Seen['jobs']> {
    const ids = waiting.flatMap(({ wait }) => jobsAwaitedBy(wait?.conditions));
    if (ids.length === 0) return new Map();
    try {
      return await this.jobs.of(ids);
    } catch (error) {
      this.logger.error({ error }, 'The jobs that recoveries wait for could not be asked for; they are asked for again');
      return null;
    }
  }

  /** Many of one tenant wait for the same dependency where it is away, and a search for it may take seconds. */
  private hasFailed(condition: Dependency, { tenant }: StoredGroupRecovery, failures: Seen['failures']): Promise<boolean> {
    const { error_type, label, quiet_seconds: quiet } = condition;
    const key = JSON.stringify([tenant, error_type, label, quiet]);
    const known = failures.get(key);
    if (known) return known;
    const asked = this.recoverable.exist({
      error_type,
      label: label === undefined ? undefined : labelOf(label),
      tenant: tenant ?? undefined,
      from: new Date(this.clock.now() - quiet * 1_000).toISOString(),
    });
    failures.set(key, asked);
    return asked;
  }
}
