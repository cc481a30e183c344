import type { TaskState, TaskStatus } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import type { RecordMove, RecordPhase } from '../../records/domain/record-lifecycle.js';

/** What becomes of a record of which nothing was heard, by how its task stands with job-service. */
export type Verdict =
  /** The command has not been carried out: it goes out again. */
  | { kind: 'send' }
  /** The task is on its way, and more will be heard. */
  | { kind: 'wait' }
  /** The command has been carried out, and nothing more is owed. */
  | { kind: 'settled' }
  /** The task has succeeded; the event that said so was lost. */
  | { kind: 'recovered'; attempt: number }
  /** The task has ended in another way; the event that said so was lost. */
  | { kind: 'concluded'; move: ConcludingMove; attempt: number; why: string };

export type ConcludingMove = Extract<RecordMove, 'cancel' | 'discard' | 'doubt' | 'quarantine'>;

interface CommandStates {
  /** Job-service carries out the command from these. */
  from: readonly TaskState[];
  /** The command has been carried out. */
  done: readonly TaskState[];
}

const commandStates: Partial<Record<RecordPhase, CommandStates>> = {
  deferred: { from: ['failed'], done: ['waiting_retry'] },
  retrying: { from: ['failed', 'waiting_retry'], done: [] },
  discarded: { from: ['failed', 'waiting_retry'], done: ['dead'] },
  quarantined: { from: ['failed', 'waiting_retry'], done: ['quarantined'] },
  requeued: { from: ['dead', 'quarantined', 'outcome_unknown', 'failed', 'waiting_retry'], done: [] },
};

/** The moves that bring a record to where its task has ended. */
const endings: Partial<Record<TaskState, ConcludingMove>> = {
  dead: 'discard',
  outcome_unknown: 'doubt',
  quarantined: 'quarantine',
};

/** An event that is merely late brings more than the bare state: about an hour goes by at the default before the state will do. */
const patienceResends = 7;

/** Judges a record whose command is due to go out again. A task that has no status no longer exists. */
export function verdictOf(
  { phase, attempt, resends }: Pick<StoredErrorRecord, 'phase' | 'attempt' | 'resends'>,
  status: Pick<TaskStatus, 'state' | 'attempts' | 'job_status'> | undefined,
): Verdict {
  if (!status) return { kind: 'concluded', move: 'cancel', attempt, why: 'the job no longer exists' };
  const state = status.state as TaskState;
  const { attempts, job_status } = status;
  if (state === 'succeeded' && attempts >= attempt) return { kind: 'recovered', attempt: attempts };
  if (state === 'cancelled' || job_status === 'cancelled') {
    return { kind: 'concluded', move: 'cancel', attempt, why: 'the job was cancelled' };
  }
  const command = commandStates[phase];
  if (attempts === attempt && command?.done.includes(state)) return { kind: 'settled' };
  if (attempts === attempt && command?.from.includes(state)) return { kind: 'send' };
  const move = endings[state];
  if (!move || attempts < attempt || resends < patienceResends) return { kind: 'wait' };
  return { kind: 'concluded', move, attempt: attempts, why: `job-service has the task as ${state.replace('_', ' ')}` };
}
