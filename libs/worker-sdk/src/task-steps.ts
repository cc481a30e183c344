import { limits, stepNameSchema, utf8Length, type KeepStep, type Step } from '@kintsugi/contracts';
import { steadyNow } from './steady-now.js';
import type { HandedTask } from './task-context.js';
import { NonRetryable } from './task-error.js';

/** Where the steps of tasks are kept. */
export interface StepShelf {
  /** Those that earlier runs of the task have kept, in their order. */
  read(task: HandedTask, signal: AbortSignal): Promise<Step[]>;
  /** Resolves once the step is safe; rejects where the lease of the task has passed on. */
  keep(step: Omit<KeepStep, 'worker_id'>, signal: AbortSignal): Promise<void>;
}

/** What the steps of a run need of it. */
export interface SteppedRun {
  readonly task: HandedTask;
  readonly attempt: number;
  readonly signal: AbortSignal;
  log(line: string, level: 'warn'): void;
}

/** The lease under which a run goes, and whether earlier runs have kept steps. */
export interface LeaseOfSteps {
  fence: number;
  hasSteps: boolean;
}

/**
 * The steps of one run of a task. What earlier runs have kept is found by its name; whatever else is run, and kept before the caller
 * goes on.
 */
export class TaskSteps {
  private readonly asked = new Set<string>();
  private opening: Promise<void> | null = null;
  private kept = new Map<string, Step>();
  private next = 0;
  private hasWarned = false;

  constructor(
    private readonly run: SteppedRun,
    private readonly lease: LeaseOfSteps,
    private readonly shelf: StepShelf,
  ) {}

  /** Gives what the step returned, as JSON brings it back: at its first run too, so that a handler never sees a difference. */
  async step(name: string, work: () => unknown): Promise<unknown> {
    this.admit(name);
    await (this.opening ??= this.open());
    const done = this.kept.get(name);
    if (done) return done.result;
    this.run.signal.throwIfAborted();
    this.warnOfUnasked(name);
    const startedAt = Math.round(steadyNow());
    const begun = performance.now();
    const result = textOf(name, await work());
    await this.keep({
      name,
      result,
      started_at: startedAt,
      took_us: Math.max(0, Math.round((performance.now() - begun) * 1000)),
    });
    return result === '' ? undefined : (JSON.parse(result) as unknown);
  }

  /** The run has come to its end: steps of earlier runs that it never asked for are told. */
  end(): void {
    const unasked = this.unasked();
    if (unasked.length > 0) this.warn(`It came to its end without the steps ${unasked.join(', ')} of an earlier run.`);
  }

  private admit(name: string): void {
    const read = stepNameSchema.safeParse(name);
    if (!read.success) {
      const allowed = `1 to ${limits.idLength} characters without control characters`;
      throw new NonRetryable(`A step needs a name of ${allowed}.`, { error_type: 'step.name_invalid' });
    }
    if (this.asked.has(name)) {
      throw new NonRetryable(
        `The step ${name} was asked for twice in one run. Each needs a name of its own: in a loop, one with what it is about.`,
        { error_type: 'step.name_repeated' },
      );
    }
    this.asked.add(name);
  }

  private async open(): Promise<void> {
    if (!this.lease.hasSteps) return;
    const { task, signal } = this.run;
    for (const step of await this.shelf.read(task, signal)) {
      this.kept.set(step.name, step);
      this.next = Math.max(this.next, step.sequence + 1);
    }
  }

  private async keep(step: Pick<KeepStep, 'name' | 'result' | 'started_at' | 'took_us'>): Promise<void> {
    const { task, attempt, signal } = this.run;
    const sequence = this.next;
    if (sequence >= limits.stepsPerTask) {
      throw new NonRetryable(`The task has more than ${limits.stepsPerTask} steps. Let one step do more.`, {
        error_type: 'step.too_many',
      });
    }
    this.next += 1;
    await this.shelf.keep({ task_id: task.id, fence: this.lease.fence, attempt, sequence, ...step }, signal);
  }

  /** Steps that begin together have all been asked for by now. */
  private warnOfUnasked(name: string): void {
    const unasked = this.unasked();
    if (unasked.length > 0) {
      this.warn(`The step ${name} is run although ${unasked.join(', ')} of an earlier run was not asked for.`);
    }
  }

  private unasked(): string[] {
    return [...this.kept.keys()].filter((name) => !this.asked.has(name));
  }

  private warn(what: string): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    this.run.log(`${what} Names of steps must stay the same between runs: has the handler changed?`, 'warn');
  }
}

/** What a step returned as JSON; empty where it returned nothing. */
function textOf(name: string, result: unknown): string {
  const text = jsonOf(name, result);
  if (text === undefined) return '';
  const bytes = utf8Length(text);
  if (bytes <= limits.stepBytes) return text;
  throw new NonRetryable(
    `The step ${name} returned ${bytes} bytes; ${limits.stepBytes} are kept. Return less, such as where the rest is stored.`,
    { error_type: 'step.result_too_large' },
  );
}

function jsonOf(name: string, result: unknown): string | undefined {
  try {
    return JSON.stringify(result);
  } catch (error) {
    throw new NonRetryable(`What the step ${name} returned is not JSON: ${String(error)}`, {
      error_type: 'step.result_invalid',
    });
  }
}
