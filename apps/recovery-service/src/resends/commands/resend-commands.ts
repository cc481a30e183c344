import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { RecordRecoveries } from '../../failures/commands/record-recoveries.js';
import { commandsOwed } from '../../task-commands/domain/owed-commands.js';
import { verdictOf, type Verdict } from '../domain/status-verdict.js';
import { type FoundOwingRecord, OwingRecords } from '../owing-records.js';
import { tasksPerCommand, CommandSender } from '../../task-commands/command-sender.js';
import { TaskStatuses } from '../../task-commands/task-statuses.js';
import { Clock } from '../../platform/clock.js';
import { resendMsOf, type ResendSettings } from '../../recovery-service.config.js';

interface Judged {
  record: FoundOwingRecord;
  verdict: Verdict;
}

/**
 * Sends again what job-service may never have got: the broker can lose what it took, and a process can end between
 * writing a decision and sending it. Repeats are harmless, silence is not. Job-service is asked first how the tasks
 * stand, so that a record also ends where the event that ends it was lost or will never be.
 */
@Injectable()
export class ResendCommands {
  private readonly firstIntervalMs: number;

  constructor(
    private readonly records: OwingRecords,
    private readonly sender: CommandSender,
    private readonly statuses: TaskStatuses,
    private readonly recordRecoveries: RecordRecoveries,
    private readonly clock: Clock,
    @Inject(SETTINGS) settings: ResendSettings,
  ) {
    this.firstIntervalMs = resendMsOf(settings);
  }

  /** Everything whose time has come. Gives when that of the next will have, in epoch milliseconds; null where nothing is owed. */
  async execute(signal: AbortSignal): Promise<number | null> {
    for (;;) {
      const now = this.clock.now();
      const next = await this.records.nextDueAt();
      const nextAt = next === null ? null : Date.parse(next);
      // Most looks find nothing: they cost one question.
      if (nextAt === null || nextAt > now || signal.aborted) return nextAt;
      const records = await this.records.due(new Date(now).toISOString(), tasksPerCommand);
      if (records.length > 0) await this.carryOn(records, now);
      if (records.length < tasksPerCommand) return now;
    }
  }

  /** What was decided shortly before a start, and whose first command may have been lost with the process that was to send it. */
  async executeUnsent(startedAt: number, signal: AbortSignal): Promise<void> {
    const after = new Date(startedAt).toISOString();
    const until = new Date(startedAt + this.firstIntervalMs).toISOString();
    for await (const records of this.records.neverResent(after, until, tasksPerCommand)) {
      if (signal.aborted) return;
      await this.sender.send(commandsOwed(records));
    }
  }

  private async carryOn(records: readonly FoundOwingRecord[], now: number): Promise<void> {
    const judged = await this.judge(records);
    const of = (...kinds: Verdict['kind'][]): FoundOwingRecord[] =>
      judged.filter(({ verdict }) => kinds.includes(verdict.kind)).map(({ record }) => record);
    await this.sender.send(commandsOwed(of('send')));
    await this.records.markResent(of('send', 'wait'), now, this.firstIntervalMs);
    await this.records.settle(of('settled'), now);
    await this.records.conclude(
      judged.flatMap(({ record, verdict }) => (verdict.kind === 'concluded' ? [{ record, ...verdict }] : [])),
      now,
    );
    await this.recordRecoveries.execute(
      judged.flatMap(({ record, verdict }) =>
        verdict.kind === 'recovered' ? [{ task_id: record.task_id, attempt: verdict.attempt }] : [],
      ),
    );
  }

  /** A job-service that does not answer gets everything again. */
  private async judge(records: readonly FoundOwingRecord[]): Promise<Judged[]> {
    const statuses = await this.statuses.of(records.map(({ task_id }) => task_id));
    return records.map((record) => ({
      record,
      verdict: statuses ? verdictOf(record, statuses.get(record.task_id)) : { kind: 'send' },
    }));
  }
}
