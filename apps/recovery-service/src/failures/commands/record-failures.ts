import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { errorRecordIdOf, type RetryConfig } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { decide, type Decision } from '../../policies/domain/retry-decision.js';
import { policyFor } from '../../policies/domain/retry-policy.js';
import { RetryConfigs } from '../../policies/retry-configs.js';
import { commandsOwed } from '../../task-commands/domain/owed-commands.js';
import { CommandSender } from '../../task-commands/nats/command-sender.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import type { Failure } from '../../records/domain/failure.js';
import { fingerprintOf } from '../../records/domain/fingerprint.js';
import { noveltyOf, recordFailure } from '../domain/record-failure.js';
import { CancelledJobs } from '../../records/mongo/cancelled-jobs.js';
import { ErrorRecordStore, type RecordChange } from '../../records/mongo/error-record-store.js';
import { Clock } from '../../platform/clock.js';
import { defaultPolicyOf, resendMsOf, type RetrySettings } from '../../recovery-service.config.js';
import { RetryClock } from '../../retries/retry-clock.js';

interface Change extends RecordChange {
  decision: Decision;
}

/** Another writer has to come between reading and writing this many times before the group is left to a redelivery. */
const writesMax = 5;

/**
 * Records failures, decides what follows, and sends the commands, in this order: what has been decided is on disk before
 * anybody acts on it. A failure that comes again changes nothing, but its command goes out again.
 */
@Injectable()
export class RecordFailures {
  constructor(
    private readonly records: ErrorRecordStore,
    private readonly configs: RetryConfigs,
    private readonly cancelledJobs: CancelledJobs,
    private readonly sender: CommandSender,
    private readonly retryClock: RetryClock,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: RetrySettings,
  ) {}

  /** @param failures of different tasks */
  async execute(failures: readonly Failure[]): Promise<void> {
    const [configs, cancelled] = await Promise.all([
      this.configs.all(),
      this.cancelledJobs.among(failures.map(({ job_id }) => job_id)),
    ]);
    const current = await this.record(failures, configs, cancelled);
    await this.sender.send(commandsOwed(current));
  }

  /** Gives the records of the failures as they stand on disk, those of late failures left out. */
  private async record(
    failures: readonly Failure[],
    configs: readonly RetryConfig[],
    cancelled: ReadonlySet<string>,
  ): Promise<StoredErrorRecord[]> {
    const ids = failures.map(({ task_id }) => errorRecordIdOf(task_id));
    let intended = new Map<string, Change>();
    for (let round = 0; ; round += 1) {
      const found = await this.records.findMany(ids);
      this.count([...intended.values()].filter(({ next }) => found.get(next._id)?.version === next.version));
      intended = new Map();
      const current: StoredErrorRecord[] = [];
      for (const failure of failures) {
        const previous = found.get(errorRecordIdOf(failure.task_id)) ?? null;
        const novelty = noveltyOf(previous, failure);
        if (novelty === 'newer') {
          const change = this.changeFor(previous, failure, configs, cancelled);
          intended.set(change.next._id, change);
          current.push(change.next);
        } else if (novelty === 'repeat' && previous) current.push(previous);
      }
      if (await this.records.write([...intended.values()])) {
        this.count([...intended.values()]);
        return current;
      }
      if (round + 1 === writesMax) throw new Error('The error records keep changing while failures are being recorded.');
    }
  }

  private changeFor(
    previous: StoredErrorRecord | null,
    failure: Failure,
    configs: readonly RetryConfig[],
    cancelled: ReadonlySet<string>,
  ): Change {
    const now = this.clock.now();
    const decision = decide({
      failure,
      policy: policyFor(failure.error_type, failure.retry_config, configs, defaultPolicyOf(this.settings)),
      failures: failure.failures - (previous?.forgiven_failures ?? 0),
      jobCancelled: cancelled.has(failure.job_id),
      now,
      random: Math.random(),
      jitter: this.settings.RETRY_JITTER,
    });
    const fingerprint = fingerprintOf(failure.error_type, failure.error_message, (text) => hash('sha256', text, 'hex'));
    const next = recordFailure(previous, failure, fingerprint, decision, {
      now,
      resendAt: now + resendMsOf(this.settings),
    });
    return { previous, next, decision };
  }

  private count(changes: readonly Change[]): void {
    for (const { next, decision } of changes) {
      const { error_type } = next;
      this.metrics.count('kintsugi_failures_total', { error_type });
      if (decision.kind === 'retry') {
        this.metrics.count('kintsugi_retries_total', { error_type });
        this.retryClock.expect(decision.notBefore);
      }
      if (decision.kind === 'discard') this.metrics.count('kintsugi_discards_total', { error_type, step: decision.step });
    }
  }
}
