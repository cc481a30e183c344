import {
  ProblemError,
  TaskDependencies,
  duplicateTaskProblem,
  limits,
  parseTaskLine,
  tooManyTasksProblem,
  type InexactNumbers,
  type TaskInput,
} from '@kintsugi/contracts';
import type { Line } from './line-splitter.js';
import { TaskChunks, type TaskChunk } from './task-chunks.js';
import { TaskIdSet } from './task-id-set.js';

/** Checks the task lines of one job as they come and hands them on in chunks. The first fault is thrown and ends the job. */
export class TaskIntake {
  private readonly ids: TaskIdSet;
  private readonly chunks = new TaskChunks<string>();
  private readonly dependencies = new TaskDependencies();
  private count = 0;

  constructor(
    seed: number,
    private readonly numbers: InexactNumbers,
    private readonly onChunk: (chunk: TaskChunk) => void,
  ) {
    this.ids = new TaskIdSet(seed);
  }

  takeLine({ text, bytes, number }: Line): TaskInput {
    const task = parseTaskLine(text, number, this.numbers);
    const path = `line ${number}`;
    if (this.count === limits.tasksPerJob) throw tooManyTasksProblem(path);
    if (task.id !== undefined && !this.ids.add(task.id)) throw duplicateTaskProblem(`${path}.id`, task.id);
    if (task.depends_on) this.dependencies.take(task, text, path);
    this.count += 1;
    const full = this.chunks.add(text, bytes, task);
    if (full) this.onChunk(full);
    return task;
  }

  /** Hands on what is left; a job has at least one task, and each task that is waited for is one of them. */
  end(path: string): void {
    if (this.count === 0) {
      throw new ProblemError('VALIDATION_FAILED', `${path}: no task was given, at least one is needed. Nothing was accepted.`, {
        errors: [{ path, rule: 'REQUIRED', got: 'nothing', allowed: 'one task a line: {"id": …, "payload": …}' }],
      });
    }
    this.dependencies.check((id) => this.ids.has(id));
    const last = this.chunks.flush();
    if (last) this.onChunk(last);
  }
}
