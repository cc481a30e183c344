import { parentIdsIn, type TaskInput, type TaskState } from '@kintsugi/contracts';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { isHeldByOthers } from '../../tasks/domain/dependency-moves.js';
import type { TaskError } from '../../tasks/domain/task-extras.js';

/** A task of a job that is over, as a selection may ask about it. */
export interface RerunTask {
  readonly id: string;
  readonly key: string | null;
  readonly state: TaskState;
  /** It was given up because of what it waits for. */
  readonly isHeld: boolean;
  readonly error: Pick<TaskError, 'error_type' | 'error_message'> | null;
  readonly payload: unknown;
  readonly attempts: number;
  readonly tookMs: number;
  /** The caller's ids of those that it waits for. */
  readonly parentKeys: readonly string[];
}

/** A task in its chunk. Its line is parsed for those only who ask for what is in it: a job may have a million. */
export class TaskOfChunk implements RerunTask {
  private parsed: TaskInput | undefined;

  constructor(
    private readonly chunk: Chunk,
    private readonly index: number,
  ) {}

  get id(): string {
    return this.chunk.taskId(this.index);
  }

  get key(): string | null {
    return this.input.id ?? null;
  }

  get state(): TaskState {
    return this.chunk.stateOf(this.index);
  }

  get isHeld(): boolean {
    return isHeldByOthers(this.chunk, this.index);
  }

  get error(): RerunTask['error'] {
    return this.chunk.state.extras.errors[this.index] ?? null;
  }

  get payload(): unknown {
    return this.input.payload;
  }

  get attempts(): number {
    return this.chunk.state.attempts[this.index] ?? 0;
  }

  get tookMs(): number {
    return (this.chunk.state.tookUs[this.index] ?? 0) / 1000;
  }

  get parentKeys(): readonly string[] {
    return parentIdsIn(this.line);
  }

  private get line(): string {
    return this.chunk.lines?.[this.index] ?? '{}';
  }

  private get input(): TaskInput {
    return (this.parsed ??= JSON.parse(this.line) as TaskInput);
  }
}
