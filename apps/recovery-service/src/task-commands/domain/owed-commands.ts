import type { DiscardTasks, DeferTasks, RetryTasks, RequeueTasks } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';

/** What of a record says which command job-service has to carry out. */
export type OwingRecord = Pick<
  StoredErrorRecord,
  'task_id' | 'attempt' | 'phase' | 'next_retry_at' | 'decision' | 'manual_recovery_id' | 'resend_at' | 'fails_job'
>;

/** Commands to job-service, in the order in which they are sent. */
export interface OwedCommands {
  deferTasks: DeferTasks['tasks'];
  discardTasks: DiscardTasks['tasks'];
  retryTasks: RetryTasks['tasks'];
  /** By the manual recovery that asks for them; it holds the params. */
  requeueTasks: Map<string, RequeueTasks['tasks']>;
}

const reasonLengthMax = 200;

/**
 * The commands that bring tasks to where their records stand. They can be sent any number of times: each names the
 * attempt it is about, and job-service refuses what the task has left behind.
 */
export function commandsOwed(records: readonly OwingRecord[]): OwedCommands {
  const owed: OwedCommands = { deferTasks: [], discardTasks: [], retryTasks: [], requeueTasks: new Map() };
  for (const record of records) addCommand(owed, record);
  return owed;
}

function reasonOf(decision: readonly string[]): string {
  return (decision.at(-1) ?? '').slice(0, reasonLengthMax).toWellFormed();
}

function addCommand(
  owed: OwedCommands,
  { task_id, attempt, phase, next_retry_at, decision, manual_recovery_id, resend_at, fails_job }: OwingRecord,
): void {
  switch (phase) {
    case 'deferred':
      if (next_retry_at) owed.deferTasks.push({ task_id, attempt, next_attempt_at: next_retry_at });
      return;
    case 'discarded':
      owed.discardTasks.push({ task_id, attempt, reason: reasonOf(decision), ...(fails_job ? { fail_job: true } : {}) });
      return;
    case 'quarantined':
      // One whose workers were lost has been put there by job-service itself.
      if (resend_at !== null) owed.discardTasks.push({ task_id, attempt, reason: reasonOf(decision), quarantine: true });
      return;
    case 'retrying':
      owed.retryTasks.push({ task_id, attempt });
      return;
    case 'requeued': {
      if (!manual_recovery_id) return;
      const tasks = owed.requeueTasks.get(manual_recovery_id) ?? [];
      tasks.push({ task_id, attempt });
      owed.requeueTasks.set(manual_recovery_id, tasks);
      return;
    }
    case 'reported':
    case 'outcome_unknown':
    case 'recovered':
    case 'cancelled':
      return;
  }
}
