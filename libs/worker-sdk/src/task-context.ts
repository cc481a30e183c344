import {
  limits,
  placeOfTask,
  type JobDefinition,
  type JobReceipt,
  type LogLevel,
  type ResourceLimits,
  type Task,
  type WorkHeader,
} from '@kintsugi/contracts';
import type { LogSender } from './log-sender.js';
import { SecretMask } from './secret-mask.js';
import { nameOfChild, plainChild, type ChildJob, type ChildJobOf, type ChildOptions, type SubmitChild } from './submit-child.js';
import type { TaskLog } from './task-log.js';
import { TaskSteps, type LeaseOfSteps, type StepShelf } from './task-steps.js';
import type { OwnUse } from './usage-meter.js';

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

/** Makes a job; of a definition its payloads are typed. */
export interface SubmitFromHandler {
  <Definition extends JobDefinition>(job: ChildJobOf<Definition>, options?: ChildOptions): Promise<JobReceipt>;
  (job: ChildJob, options?: ChildOptions): Promise<JobReceipt>;
}

/** What runs ask the platform for while they go on. */
export interface RunCalls {
  readParents: ReadParents;
  submitChild: SubmitChild;
  steps: StepShelf;
}

/** What a handler gets. */
export interface TaskContext<Payload = unknown> {
  task: HandedTask<Payload>;
  /** Which run of the task this is, the first being 1. */
  attempt: number;
  /** What the task may use, in MiB and cores; null where its job says nothing. */
  readonly resource_limits: ResourceLimits | null;
  /** The same at each attempt: give it to the other side as its idempotency key. */
  run_key: string;
  /** Aborted when the task should stop: its job was cancelled, its time is over, or its lease has passed to another worker. */
  readonly signal: AbortSignal;
  /**
   * The W3C trace context of this attempt, to hand to the other side as its header `traceparent`; undefined where it is not traced.
   * In a process that has OpenTelemetry it is the active one too, so that spans of the handler are parts of it.
   */
  readonly traceparent?: string | undefined;
  /** Writes a line to the log of the job. The newest 20 lines are also kept with the task's outcome, 300 characters of each. */
  log: (line: string, level?: LogLevel) => void;
  /** Writes to the log what a program writes to a stream, as it comes: it is cut into lines. */
  output: (stream: 'stdout' | 'stderr', bytes: Uint8Array | string) => void;
  /** Declares a secret: from here on it is taken out of what this run logs, and out of what its failure says, before that leaves the worker. */
  mask: (secret: string) => void;
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
  /**
   * Makes another job, of the tenant and the user of this one, which becomes its parent. A later attempt that asks for the same name gets
   * the same job: without names they are told apart by the order in which a run asks.
   */
  submit: SubmitFromHandler;
  /**
   * Runs a part of the handler and keeps what it returned, as JSON of up to 64 KiB, before it resolves: the next run of the task gets
   * that again, and goes on behind it. A part that fails is not kept. The name has to be its own in the task, and the same at each run.
   */
  step: <Result>(name: string, work: () => Result | Promise<Result>) => Promise<Result>;
  /**
   * Tells what the task uses outside of this process, such as a command that it has started: CPU since it began, in
   * milliseconds, and memory now, in MiB, where it is known. The metrics of its job are of that; of a task that tells nothing
   * they are its share of this process, by the time that it takes.
   */
  usage: (used: { cpu_ms: number; memory_mib: number | null }) => void;
}

export type TaskHandler<Payload = unknown> = (context: TaskContext<Payload>) => unknown;

/** Where the log of a run goes, and what no text of it may hold. */
export interface RunLogging {
  sender: LogSender;
  mask: SecretMask;
}

const noSecrets = new SecretMask();

/** One run of a task. The parts that most handlers never touch are made when they are asked for. */
export class TaskRun implements TaskContext {
  traceparent: string | undefined;
  lines: string[] | null = null;
  share: number | null = null;
  named: string | null = null;
  ownUse: OwnUse | null = null;
  /** Jobs without a name that it has made. */
  private submitted = 0;
  private controller: AbortController | null = null;
  private abortReason: Error | null = null;
  /** Its time is over: since when, by performance.now(), and what is said of it. */
  timedOut: { at: number; message: string } | null = null;

  private written: TaskLog | null = null;
  private secrets: SecretMask | null = null;
  private stepped: TaskSteps | null = null;

  /** The check of its handler has passed. */
  isVerified = false;

  constructor(
    readonly task: HandedTask,
    readonly attempt: number,
    private readonly calls: RunCalls | null = null,
    private readonly logging: RunLogging | null = null,
    private readonly header: Pick<WorkHeader, 'fence' | 'steps' | 'resource_limits'> | null = null,
  ) {}

  get resource_limits(): ResourceLimits | null {
    return this.header?.resource_limits ?? null;
  }

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
  readonly log = (line: string, level: LogLevel = 'info'): void => {
    // Masked before it is cut: the beginning of a secret tells much of it.
    const text = this.masked(String(line));
    this.lines ??= [];
    this.lines.push(text.slice(0, limits.logLineLength));
    if (this.lines.length > limits.logLines) this.lines.shift();
    this.opened()?.write(text, level);
  };

  readonly parents = (): AsyncIterable<ParentTask> => this.calls?.readParents(this.task) ?? noParents();

  readonly submit: SubmitFromHandler = async (job: ChildJob | ChildJobOf<JobDefinition>, options: ChildOptions = {}) => {
    // Its place is taken before anything is waited for.
    const name = nameOfChild(options.name, this.submitted);
    if (options.name === undefined) this.submitted += 1;
    if (!this.calls) throw new Error('This run was begun by no worker.');
    return this.calls.submitChild(this.task, await plainChild(job), name, options, this.traceparent);
  };

  readonly output = (stream: 'stdout' | 'stderr', bytes: Uint8Array | string): void => {
    this.opened()?.output(stream, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  };

  readonly step = async <Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> => {
    this.stepped ??= this.openSteps();
    return (await this.stepped.step(name, work)) as Result;
  };

  readonly mask = (secret: string): void => {
    if (typeof secret !== 'string' || secret.trim() === '') return;
    this.secrets ??= this.logging?.mask.copy() ?? new SecretMask();
    this.secrets.add(secret);
  };

  /** A text without the secrets that this run knows of. */
  readonly masked = (text: string): string => this.currentMask().apply(text);

  /** It has succeeded. */
  endSteps(): void {
    this.stepped?.end();
  }

  /** Nothing more is written. */
  endLog(): void {
    this.written?.end();
  }

  private readonly currentMask = (): SecretMask => this.secrets ?? this.logging?.mask ?? noSecrets;

  private opened(): TaskLog | null {
    if (!this.logging) return null;
    const { id: taskId, job_id: jobId } = this.task;
    this.written ??= this.logging.sender.open({ jobId, taskId, attempt: this.attempt }, this.currentMask);
    return this.written;
  }

  private openSteps(): TaskSteps {
    const { calls, header } = this;
    if (!calls || !header) throw new Error('This run was begun by no worker.');
    const lease: LeaseOfSteps = {
      fence: header.fence,
      hasSteps: header.steps?.includes(placeOfTask(this.task.id).index) ?? false,
    };
    return new TaskSteps(this, lease, calls.steps);
  }

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

  readonly usage = ({ cpu_ms: cpuMs, memory_mib: memoryMib }: { cpu_ms: number; memory_mib: number | null }): void => {
    if (!(cpuMs >= 0)) return;
    // What it has used once does not become less.
    this.ownUse = {
      cpuMs: Math.max(this.ownUse?.cpuMs ?? 0, cpuMs),
      memoryMib: memoryMib === null || !(memoryMib >= 0) ? null : memoryMib,
    };
  };
}

/** Of a run that no worker has begun. */
async function* noParents(): AsyncGenerator<ParentTask> {}
