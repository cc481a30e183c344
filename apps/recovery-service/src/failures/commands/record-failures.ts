import { Injectable } from '@nestjs/common';
import { errorRecordIdOf } from '@kintsugi/contracts';
import { Metrics } from '@kintsugi/observability';
import { NoteFailures } from '../../groups/commands/note-failures.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import type { Failure } from '../../records/domain/failure.js';
import { ErrorRecords } from '../../records/error-records.js';
import { RetryClock } from '../../retries/retry-clock.js';
import { CommandSender } from '../../task-commands/command-sender.js';
import { commandsOwed } from '../../task-commands/domain/owed-commands.js';
import { noveltyOf } from '../domain/record-failure.js';
import { FailureJudge, type Judge, type JudgedChange } from '../failure-judge.js';
import { writeRecords } from '../write-records.js';

interface RecordedFailures {
  current: StoredErrorRecord[];
  /** The ids of those that this call has written; the failures of the others have come again. */
  written: ReadonlySet<string>;
}

/**
 * Records failures, decides what follows, and sends the commands, in this order: what has been decided is on disk before
 * anybody acts on it. A failure that comes again changes nothing, but its command goes out again.
 */
@Injectable()
export class RecordFailures {
  constructor(
    private readonly records: ErrorRecords,
    private readonly judge: FailureJudge,
    private readonly sender: CommandSender,
    private readonly retryClock: RetryClock,
    private readonly noteFailures: NoteFailures,
    private readonly metrics: Metrics,
  ) {}

  /** @param failures of different tasks */
  async execute(told: readonly Failure[]): Promise<void> {
    const { failures, judge } = await this.judge.ready(told);
    const { current, written } = await this.record(failures, judge);
    try {
      await this.sender.send(commandsOwed(current));
    } finally {
      // Their commands go out again by themselves; told again, the failures would be taken for known ones and not be counted.
      await this.noteFailures.execute(
        current.filter(({ _id }) => written.has(_id)),
        current.filter(({ _id }) => !written.has(_id)),
      );
    }
  }

  /** Gives the records of the failures as they stand on disk, those of late failures left out. */
  private async record(failures: readonly Failure[], judge: Judge): Promise<RecordedFailures> {
    let current: StoredErrorRecord[] = [];
    const plan = (found: ReadonlyMap<string, StoredErrorRecord>): JudgedChange[] => {
      const changes: JudgedChange[] = [];
      current = [];
      for (const failure of failures) {
        const previous = found.get(errorRecordIdOf(failure.task_id)) ?? null;
        const novelty = noveltyOf(previous, failure);
        if (novelty === 'newer') {
          const change = judge(previous, failure);
          changes.push(change);
          current.push(change.next);
        } else if (novelty === 'repeat' && previous) current.push(previous);
      }
      return changes;
    };
    const ids = failures.map(({ task_id }) => errorRecordIdOf(task_id));
    const written = await writeRecords(this.records, ids, plan, (changes) => this.count(changes));
    return { current, written };
  }

  private count(changes: readonly JudgedChange[]): void {
    for (const { next, decision } of changes) {
      const { error_type } = next;
      this.metrics.count('kintsugi_failures_total', { error_type });
      if (decision.kind === 'retry') {
        this.metrics.count('kintsugi_retries_total', { error_type });
        // What has no wait is ordered with the decision, and has no timer that could be late.
        if (next.next_retry_at !== null) this.retryClock.expect(decision.notBefore);
      }
      if (decision.kind === 'discard') this.metrics.count('kintsugi_discards_total', { error_type, step: decision.step });
      if (decision.kind === 'quarantine') this.metrics.count('kintsugi_discards_total', { error_type, step: 'quarantine' });
    }
  }
}
