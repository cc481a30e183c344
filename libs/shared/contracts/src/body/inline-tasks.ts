import type { InexactNumbers } from '../json/inexact-number.js';
import { oneLine } from '../json/one-line.js';
import { decodeUtf8, parseJson } from '../json/parse-json.js';
import { limits } from '../limits.js';
import type { ProblemDetail } from '../problem/problem.js';
import { problemOf } from '../problem/validate.js';
import { TaskDependencies } from '../task/task-dependencies.js';
import { duplicateTaskProblem, faultsOfTask, type TaskInput } from '../task/task-input.js';

/** Bytes of tasks that are looked at in one go, unless one has more. */
const sliceBytesMax = 64 * 1024;
const [space, lineFeed, carriageReturn] = [0x20, 0x0a, 0x0d] as const;

/** The tasks of one body, as bytes that have not been parsed yet. */
export class InlineTasks {
  constructor(
    readonly body: Uint8Array,
    /** Where each begins and ends in it. */
    readonly places: readonly number[],
    readonly path: string,
  ) {}

  get count(): number {
    return this.places.length / 2;
  }

  get bytes(): number {
    return this.count === 0 ? 0 : this.endOf(this.count - 1) - this.startOf(0);
  }

  /** How many bytes the task has in the body. */
  bytesOf(index: number): number {
    return this.endOf(index) - this.startOf(index);
  }

  /** The text that stands for a task in its chunk: as it came, on one line. */
  lineOf(index: number): string {
    return oneLine(decodeUtf8(this.body.subarray(this.startOf(index), this.endOf(index)), `${this.path}[${index}]`));
  }

  /** The same in bytes; where they are on one line already, they are those of the body. */
  bytesOfLine(index: number): Uint8Array {
    const bytes = this.body.subarray(this.startOf(index), this.endOf(index));
    return bytes.includes(lineFeed) || bytes.includes(carriageReturn) ? new TextEncoder().encode(this.lineOf(index)) : bytes;
  }

  /**
   * Checks every task, and hands those that are good to `use`. It pauses after each slice, so that its caller can do other things
   * between two of them; no parsed task is kept meanwhile, which is many times its text.
   */
  *checked(numbers: InexactNumbers, use?: (line: string, task: TaskInput) => void): Generator<undefined, void> {
    const found: Findings = { ids: new Set(), faults: [], dependencies: new TaskDependencies() };
    let sliceBytes = 0;
    let sliceStart = 0;
    for (let index = 0; index < this.count && found.faults.length < limits.problemErrors; index += 1) {
      const bytes = this.bytesOf(index);
      const full = sliceBytes + bytes > sliceBytesMax || index - sliceStart === limits.tasksPerChunk;
      if (full && index > sliceStart) {
        yield;
        sliceBytes = 0;
        sliceStart = index;
      }
      sliceBytes += bytes;
      if (bytes <= sliceBytesMax) this.check(index, numbers, found, use);
      else {
        // What is made of a large task may take as long as its check.
        this.check(index, numbers, found);
        if (!use || found.faults.length > 0) continue;
        yield;
        useParsed(this.lineOf(index), use);
      }
    }
    if (found.faults.length > 0) throw problemOf(found.faults, 'VALIDATION_FAILED');
    found.dependencies.check((id) => found.ids.has(id));
  }

  private check(
    index: number,
    numbers: InexactNumbers,
    { ids, faults, dependencies }: Findings,
    use?: (line: string, task: TaskInput) => void,
  ): void {
    const path = `${this.path}[${index}]`;
    const line = this.lineOf(index);
    const task = parseJson(line, path, numbers) as TaskInput;
    const own = faultsOfTask(task, path);
    faults.push(...own);
    if (own.length > 0) return;
    if (task.id !== undefined) {
      if (ids.has(task.id)) throw duplicateTaskProblem(`${path}.id`, task.id);
      ids.add(task.id);
    }
    if (task.depends_on) dependencies.take(task, line, path);
    use?.(line, task);
  }

  private startOf(index: number): number {
    return this.places[index * 2] as number;
  }

  /** White space behind a task is none of it. */
  private endOf(index: number): number {
    let end = this.places[index * 2 + 1] as number;
    while ((this.body[end - 1] as number) <= space && end > this.startOf(index)) end -= 1;
    return end;
  }
}

interface Findings {
  ids: Set<string>;
  faults: ProblemDetail[];
  dependencies: TaskDependencies;
}

function useParsed(line: string, use: (line: string, task: TaskInput) => void): void {
  use(line, JSON.parse(line) as TaskInput);
}
