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

interface RecordedFailures {
  current: StoredErrorRecord[];
  /** The ids of those that this call has written; the failures of the others have come again. */
  written: ReadonlySet<string>;
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
    private readonly records: ErrorRecords,
    private readonly judge: FailureJudge,
    private readonly sender: CommandSender,
    private readonly retryClock: RetryClock,
    private readonly noteFailures: NoteFailures,
    private readonly metrics: Metrics,
  ) {}

  /** @param failures of different tasks */
  async execute(told: readonly Failure[]): Promise<void> {
    const failures = await this.judge.withoutDeleted(told);
    const { current, written } = await this.record(failures, await this.judge.ready(failures));
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
    const ids = failures.map(({ task_id }) => errorRecordIdOf(task_id));
    let intended: JudgedChange[] = [];
    const written = new Set<string>();
    const note = (changes: readonly JudgedChange[]): void => {
      this.count(changes);
      for (const { next } of changes) written.add(next._id);
    };
    for (let round = 0; ; round += 1) {
      const found = await this.records.findMany(ids);
      note(intended.filter(({ next }) => isWritten(next, found.get(next._id))));
      intended = [];
      const current: StoredErrorRecord[] = [];
      for (const failure of failures) {
        const previous = found.get(errorRecordIdOf(failure.task_id)) ?? null;
        const novelty = noveltyOf(previous, failure);
        if (novelty === 'newer') {
          const change = judge(previous, failure);
          intended.push(change);
          current.push(change.next);
        } else if (novelty === 'repeat' && previous) current.push(previous);
      }
      if (await this.records.write(intended)) {
        note(intended);
        return { current, written };
      }
      if (round + 1 === writesMax) throw new Error('The error records keep changing while failures are being recorded.');
    }
  }

  private count(changes: readonly JudgedChange[]): void {
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

/** Whether a record is the one that was to be written. Another writer's has the same version, but not for the same run. */
function isWritten(intended: StoredErrorRecord, found: StoredErrorRecord | undefined): boolean {
  return found?.version === intended.version && found.attempt === intended.attempt && found.resend_at === intended.resend_at;
}
