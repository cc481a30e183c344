import type { SafetyClass, FailedTask, TaskStatus, TaskState } from '@kintsugi/contracts';
import type { OutgoingCommand } from '@kintsugi/messaging';
import type { TaskEvent } from '../../failures/domain/task-events.js';
import { failureSample, taskSample } from '../../records/domain/error-record-sample.js';
import { settingsInMemory } from './recovery-in-memory.js';

/** A task as job-service has it. */
export interface SimulatedTask {
  id: string;
  jobId: string;
  safety: SafetyClass;
  state: TaskState;
  attempts: number;
  failures: number;
  /** When its last run failed, and how. */
  failed: { at: number; failure: FailedTask } | null;
  losses: number;
}

type Command = { tasks: { task_id: string; attempt: number }[] };

const lossesMax = 3;
const { RETRY_WAIT_SECONDS, MAX_RETRY_ATTEMPTS } = settingsInMemory;

/**
 * What recovery-service sees of job-service: it runs tasks, tells of what they come to, and carries out commands that are
 * about the run that the task has behind it. It notes each command that must not have been sent.
 */
export class SimulatedJobService {
  readonly tasks: SimulatedTask[];
  readonly faults: string[] = [];
  readonly cancelled = new Set<string>();

  constructor(
    count: number,
    private readonly now: () => number,
    private readonly tell: (event: TaskEvent) => void,
    /** Failures of a task that a person has forgiven. */
    private readonly forgivenOf: (taskId: string) => number,
  ) {
    const safeties = ['idempotent', 'keyed', 'unsafe'] as const;
    this.tasks = Array.from({ length: count }, (_, index) => ({
      ...{ id: taskSample(index), jobId: `job_01890a5d-ac96-774b-bcce-b302099a805${index % 2}` },
      ...{ safety: safeties[index % 3] ?? 'keyed', state: 'ready', attempts: 0, failures: 0 },
      ...{ failed: null, losses: 0 },
    }));
  }

  /** A worker runs a task. A hasty failure asks for another try at once. */
  run(task: SimulatedTask, end: 'success' | 'failure' | 'hasty' | 'permanent' | 'loss'): void {
    task.attempts += 1;
    const counting = task.failures - this.forgivenOf(task.id);
    if (counting > MAX_RETRY_ATTEMPTS) this.faults.push(`${task.id} is run after ${counting} failures`);
    if (end === 'loss') this.lose(task);
    else this.report(task, end);
  }

  /** The worker of a task reports what it came to, also after it was taken for lost. */
  report(task: SimulatedTask, end: 'success' | 'failure' | 'hasty' | 'permanent'): void {
    if (end !== 'success') {
      this.fail(task, end === 'permanent' ? 'smtp.550' : 'smtp.451', 'failed', end === 'hasty' ? 0 : null);
      return;
    }
    task.state = 'succeeded';
    if (task.failures > 0) this.tellAgain(task);
  }

  cancel(jobId: string): void {
    this.cancelled.add(jobId);
    for (const task of this.tasks) {
      if (task.jobId === jobId && task.state !== 'succeeded') task.state = 'cancelled';
    }
    this.tell({ kind: 'cancellation', jobIds: [jobId] });
  }

  /** Tells of a task what is to be known of it, as the reconciler does of those that nobody has decided about. */
  tellAgain({ id: task_id, jobId: job_id, state, attempts, failed }: SimulatedTask): void {
    if (state === 'succeeded') {
      this.tell({ kind: 'recovery', recovery: { task_id, job_id, attempt: attempts, recovered_at: '' } });
    } else if (failed && state === 'failed') this.tell({ kind: 'failure', failure: failed.failure });
    else if (failed && (state === 'outcome_unknown' || state === 'quarantined')) {
      this.tell({ kind: 'failure', failure: { ...failed.failure, state } });
    }
  }

  /** Carries out a command as far as it is about the run that the task has behind it. */
  carryOut({ name, data }: OutgoingCommand): void {
    for (const { task_id, attempt } of (data as Command).tasks) {
      const task = this.tasks.find(({ id }) => id === task_id);
      if (!task || task.attempts !== attempt) continue;
      if (name === 'deferTasks' && task.state === 'failed') task.state = 'waiting_retry';
      else if (name === 'discardTasks' && isUndecided(task)) task.state = 'dead';
      else if (name === 'retryTasks' && isUndecided(task)) this.retry(task);
      else if (name === 'requeueTasks' && mayRequeue(task)) task.state = 'ready';
    }
  }

  statusOf(task_id: string): TaskStatus | undefined {
    const task = this.tasks.find(({ id }) => id === task_id);
    if (!task) return undefined;
    const job_status = this.cancelled.has(task.jobId) ? 'cancelled' : 'running';
    return { task_id, state: task.state, attempts: task.attempts, job_status };
  }

  private retry(task: SimulatedTask): void {
    if (task.safety === 'unsafe') this.faults.push(`${task.id} is unsafe and was retried`);
    const waitMs = task.failed?.failure.retry_after_ms ?? RETRY_WAIT_SECONDS * 1_000;
    if (task.failed && this.now() < task.failed.at + waitMs) this.faults.push(`${task.id} was retried early`);
    task.state = 'ready';
  }

  private lose(task: SimulatedTask): void {
    task.losses += 1;
    if (task.losses >= lossesMax) this.fail(task, 'worker.lost', 'quarantined');
    else this.fail(task, 'worker.lost', task.safety === 'unsafe' ? 'outcome_unknown' : 'failed');
  }

  private fail(task: SimulatedTask, error_type: string, state: TaskState = 'failed', retry_after_ms: number | null = null): void {
    // A clear end after an unclear one of the same run is one failure.
    if (task.state !== 'outcome_unknown') task.failures += 1;
    const { id: task_id, jobId: job_id, safety, attempts: attempt, failures } = task;
    const told = { task_id, job_id, safety, attempt, failures, error_type, retry_after_ms };
    const failure = failureSample({ ...told, error_message: error_type });
    task.failed = { at: this.now(), failure };
    task.state = state;
    this.tellAgain(task);
  }
}

function isUndecided({ state }: SimulatedTask): boolean {
  return state === 'failed' || state === 'waiting_retry';
}

function mayRequeue(task: SimulatedTask): boolean {
  return isUndecided(task) || ['dead', 'outcome_unknown', 'quarantined'].includes(task.state);
}
