import { limits, type Task } from '@kintsugi/contracts';

/** The task that a handler is given. */
export interface HandedTask<Payload = unknown> {
  /** The platform's id. */
  id: string;
  /** The caller's own id, if one was given. */
  key: string | null;
  job_id: string;
  type: string;
  payload: Payload;
}

/** A task that another one waits for, and what became of it. */
export type ParentTask = Pick<Task, 'id' | 'key' | 'state' | 'payload' | 'result' | 'error'>;

/** Reads the tasks that one waits for, in their order. */
export type ReadParents = (task: HandedTask) => AsyncIterable<ParentTask>;

/** What a handler gets. */
export interface TaskContext<Payload = unknown> {
  task: HandedTask<Payload>;
  /** Which run of the task this is, the first being 1. */
  attempt: number;
  /** The same at each attempt: give it to the other side as its idempotency key. */
  run_key: string;
  /** Aborted when the task should stop: its job was cancelled, its time is over, or its lease has passed to another worker. */
  readonly signal: AbortSignal;
  /** Keeps a line with the task's outcome: the newest 20 lines of 300 characters. */
  log: (line: string) => void;
  /** Tells how far the task is, from 0 to 1. */
  progress: (share: number) => void;
  /**
   * Names what the task is busy with, such as `rendering`: the `current_phase` of its job, as that of its tasks which was told
   * last. It is told once a second, of tasks that run for a second or more.
   */
  phase: (name: string) => void;
  /**
   * The tasks that this one waits for by `depends_on`, in that order, with their results. They are read a page at a time, so that
   * it may be thousands: `for await (const parent of context.parents())`.
   */
  parents: () => AsyncIterable<ParentTask>;
}

export type TaskHandler<Payload = unknown> = (context: TaskContext<Payload>) => unknown;

/** One run of a task. The parts that most handlers never touch are made when they are asked for. */
export class TaskRun implements TaskContext {
  lines: string[] | null = null;
  share: number | null = null;
  named: string | null = null;
  private controller: AbortController | null = null;
  private abortReason: Error | null = null;
  /** Its time is over: since when, by performance.now(), and what is said of it. */
  timedOut: { at: number; message: string } | null = null;

  constructor(
    readonly task: HandedTask,
    readonly attempt: number,
    private readonly readParents: ReadParents = () => noParents(),
  ) {}

  get run_key(): string {
    return this.task.id;
  }

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.abortReason) this.controller.abort(this.abortReason);
    }
    return this.controller.signal;
  }

  /** Somebody asked it to stop. */
  get isAborted(): boolean {
    return this.abortReason !== null && this.timedOut === null;
  }

  /** Its time is over, unless somebody has asked it to stop before. */
  timeOut(timeoutS: number): void {
    if (this.abortReason) return;
    const message = `It ran longer than ${timeoutS} s, the timeout_s of its job.`;
    this.timedOut = { at: performance.now(), message };
    this.abort(new Error(message));
  }

  abort(reason: Error): void {
    this.abortReason = reason;
    this.controller?.abort(reason);
  }

  // Bound, because handlers take the context apart.
  readonly log = (line: string): void => {
    this.lines ??= [];
    this.lines.push(String(line).slice(0, limits.logLineLength));
    if (this.lines.length > limits.logLines) this.lines.shift();
  };

  readonly parents = (): AsyncIterable<ParentTask> => this.readParents(this.task);

  readonly progress = (share: number): void => {
    if (Number.isFinite(share)) this.share = Math.max(0, Math.min(1, share));
  };

  readonly phase = (name: string): void => {
    let text = String(name)
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, limits.phaseLength);
    // Thousands of them travel in one message.
    while (Buffer.byteLength(text) > limits.phaseLength) text = text.slice(0, -1);
    this.named = text === '' ? null : text.toWellFormed();
  };
}

/** Of a run that no worker has begun. */
async function* noParents(): AsyncGenerator<ParentTask> {}
