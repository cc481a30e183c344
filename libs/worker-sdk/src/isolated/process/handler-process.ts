import { spawn, type ChildProcess } from 'node:child_process';
import { after, guarded } from '@kintsugi/boundary';
import { childArguments } from '../../domain/child-arguments.js';
import { failureOfEnd, type HandlerEnd } from '../../domain/handler-end.js';
import { excessWords, type Excess } from '../../domain/process-limits.js';
import { ProcessMeter } from '../../process/process-meter.js';
import { signalGroup } from '../../process/signal-group.js';
import type { TaskContext } from '../../task-context.js';
import { NonRetryable, TaskError } from '../../task-error.js';
import { HandlerCalls } from '../handler-calls.js';
import type { FromHandler, ToHandler } from '../handler-messages.js';
import { valueOfText } from '../json-text.js';
import { errorOfTold } from '../told-error.js';
import { handlerProgram } from './handler-program.js';

/** From the signal of a task to SIGTERM, and from there to SIGKILL: both are over before the lease of a task out of time is. */
const graceMs = 2_000;
/** What the process has told before its end is still read. */
const lingerMs = 500;

type Outcome = { result: unknown } | { error: unknown };

/** A task that runs in the process. */
interface Course {
  number: number;
  calls: HandlerCalls;
  meter: ProcessMeter;
  signal: AbortSignal;
  onAbort: () => void;
  hasBegun: boolean;
  settle: (outcome: Outcome) => void;
}

/** The process had ended, for what came before, when a task was given to it: the task has not begun. */
export const neverBegun = new Error('The task has not begun: the process of its handler had ended.');

/** A process that runs the handler of one module, one task at a time, in a process group of its own. */
export class HandlerProcess {
  readonly hasEnded: Promise<void>;
  private readonly child: ChildProcess;
  /** Tasks that it was given. */
  private runs = 0;
  private course: Course | null = null;
  private end: HandlerEnd | null = null;
  private excess: Excess | null = null;
  private fault: { error: unknown } | null = null;
  private isEnding = false;
  private isOver = false;
  private timers: NodeJS.Timeout[] = [];
  private noteEnded: () => void = () => undefined;

  constructor(readonly module: string) {
    this.hasEnded = new Promise((resolve) => (this.noteEnded = resolve));
    const options = [...childArguments(process.execArgv), '--input-type=commonjs'];
    this.child = spawn(process.execPath, [...options, '-e', handlerProgram, module, String(process.pid)], {
      detached: true,
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.listen(this.child);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Whether it can be given another task. */
  get isUsable(): boolean {
    return !this.isEnding && this.end === null && this.child.connected;
  }

  /** Runs a task. Rejects with what the handler threw, or what its process came to; with `neverBegun` where it had ended before. */
  async run(context: TaskContext): Promise<unknown> {
    const outcome = await this.outcomeOf(context);
    if ('error' in outcome) throw outcome.error;
    return outcome.result;
  }

  /** Ends it, and all that it has started, with a moment to do so in order. */
  retire(): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.stop();
  }

  private outcomeOf(context: TaskContext): Promise<Outcome> {
    const { signal, resource_limits: own } = context;
    this.runs += 1;
    const number = this.runs;
    return new Promise((resolve) => {
      const limits = { memoryMib: own?.max_memory ?? null, cpuCores: own?.max_cpu ?? null, processes: Infinity };
      const onUsage = ({ cpuMs, memoryMib }: { cpuMs: number; memoryMib: number | null }): void =>
        context.usage({ cpu_ms: cpuMs, memory_mib: memoryMib });
      const course: Course = {
        ...{ number, signal, hasBegun: false },
        calls: new HandlerCalls(context, (message) => {
          if (this.course === course) this.send(message);
        }),
        meter: new ProcessMeter(this.pid ?? 0, limits, onUsage, (excess) => this.killFor(excess)),
        onAbort: guarded('isolated.abort', () => this.abort(signal)),
        settle: (outcome) => {
          this.course = null;
          course.meter.stop();
          signal.removeEventListener('abort', course.onAbort);
          resolve(outcome);
        },
      };
      this.course = course;
      signal.addEventListener('abort', course.onAbort, { once: true });
      if (this.isOver) this.settleByEnd();
      else this.order(context, number);
    });
  }

  private order({ task, attempt, resource_limits, run_key, traceparent }: TaskContext, run: number): void {
    try {
      this.send({ order: { run, task, attempt, resource_limits, run_key, traceparent } });
    } catch (error) {
      const message = `The payload cannot be sent to the process of the handler: ${String(error)}`;
      this.course?.settle({ error: new NonRetryable(message, { error_type: 'task.payload_invalid' }, { cause: error }) });
    }
  }

  private send(message: ToHandler): void {
    if (!this.child.connected) return;
    // Whether it has come is told by what comes back, or by the end of the process.
    this.child.send(
      { kintsugi: true, run: this.course?.number, ...message },
      guarded('isolated.send', () => undefined),
    );
  }

  private listen(child: ChildProcess): void {
    child.on(
      'message',
      guarded('isolated.message', (message: unknown) => this.take(message)),
    );
    child.once(
      'error',
      guarded('isolated.error', (error: Error) => {
        if (child.pid === undefined) this.exited(null, null, error.message);
      }),
    );
    child.once(
      'exit',
      guarded('isolated.exit', (code: number | null, signal: string | null) => this.exited(code, signal, null)),
    );
    child.once(
      'disconnect',
      guarded('isolated.disconnect', () => this.disconnected()),
    );
  }

  private take(given: unknown): void {
    // The handler may send messages of its own, which nobody here has asked for; and what comes late is of no task any more.
    if (typeof given !== 'object' || given === null || !('kintsugi' in given) || !('run' in given)) return;
    const message = given as unknown as FromHandler & { run: number };
    const { course } = this;
    if ('fault' in message) this.fault = { error: errorOfTold(message.fault) };
    if (!course || message.run !== course.number || 'fault' in message) return;
    if ('begun' in message) course.hasBegun = true;
    else if ('done' in message) this.settleByWord({ result: valueOfText(message.done) });
    else if ('failed' in message) this.settleByWord({ error: errorOfTold(message.failed) });
    else if ('unready' in message) {
      this.retire();
      const cause = errorOfTold(message.unready);
      const said = 'The module of the handler could not be loaded';
      this.settleByWord({ error: new TaskError(said, { error_type: 'process.not_started' }, { cause }) });
    } else course.calls.take(message);
  }

  /** The handler has come to its end. What it was told to stop may go on in its process all the same, which is not used again. */
  private settleByWord(outcome: Outcome): void {
    const { course } = this;
    if (!course) return;
    course.meter.noteGoesOn();
    if (course.signal.aborted) this.stop();
    course.settle(outcome);
  }

  private abort({ reason }: AbortSignal): void {
    this.send({ abort: reason instanceof Error ? reason.message : String(reason) });
    this.isEnding = true;
    this.timers.push(after('isolated.grace', graceMs, () => this.stop()));
  }

  /** At once: what grows as fast as it can has grown on by the end of any grace. */
  private killFor(excess: Excess): void {
    this.excess = excess;
    this.isEnding = true;
    this.kill('SIGKILL');
  }

  private stop(): void {
    this.kill('SIGTERM');
    this.timers.push(after('isolated.kill', graceMs, () => this.kill('SIGKILL')));
  }

  private kill(signal: NodeJS.Signals): void {
    if (this.pid !== undefined && this.end === null) signalGroup(this.pid, signal);
  }

  private exited(exitCode: number | null, signal: string | null, startFault: string | null): void {
    if (this.end) return;
    this.end = { exitCode, signal, startFault };
    // What it has started must not outlive it.
    if (this.pid !== undefined) signalGroup(this.pid, 'SIGKILL');
    if (this.course) this.course.meter.noteEnd();
    else ProcessMeter.passOverEnded();
    if (this.child.connected) this.timers.push(after('isolated.linger', lingerMs, () => this.over()));
    else this.over();
  }

  private disconnected(): void {
    if (this.end) this.over();
    else this.timers.push(after('isolated.linger', lingerMs, () => this.kill('SIGKILL')));
  }

  /** It has ended, and all that it has told is read. */
  private over(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.settleByEnd();
    this.noteEnded();
  }

  private settleByEnd(): void {
    const { course, excess, end, fault } = this;
    if (!course || !end) return;
    if (excess) {
      const message = `The process of the handler was stopped: ${excessWords(excess)}.`;
      course.settle({ error: new TaskError(message, { error_type: `resource.${excess.of}` }) });
    } else if (course.signal.aborted) course.settle({ error: course.signal.reason });
    else if (!course.hasBegun && course.number > 1) course.settle({ error: neverBegun });
    else {
      const { error_type, message } = failureOfEnd(end);
      course.settle({ error: new TaskError(message, { error_type }, fault ? { cause: fault.error } : undefined) });
    }
  }
}
