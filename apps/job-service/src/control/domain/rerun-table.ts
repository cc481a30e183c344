import type { TaskState } from '@kintsugi/contracts';
import type { RerunTask } from './rerun-task.js';

/**
 * All tasks of a job in columns, by their places: some twenty bytes of each, so that the largest job can be planned. What a task is
 * called is read anew for those few that are shown.
 */
export class RerunTable {
  readonly states: TaskState[] = [];
  /** The places of what is selected, in their order. */
  readonly selected: number[] = [];
  private readonly held: Uint8Array;
  private readonly ran: Uint8Array;
  private readonly took: Float32Array;
  private readonly parents = new Map<number, readonly number[]>();

  constructor(total: number) {
    this.held = new Uint8Array(total);
    this.ran = new Uint8Array(total);
    this.took = new Float32Array(total);
  }

  get size(): number {
    return this.states.length;
  }

  add(task: RerunTask, isSelected: boolean): void {
    const at = this.states.push(task.state) - 1;
    if (isSelected) this.selected.push(at);
    if (task.isHeld) this.held[at] = 1;
    if (task.attempts > 0) this.ran[at] = 1;
    this.took[at] = task.tookMs;
  }

  waitsFor(at: number, parents: readonly number[]): void {
    if (parents.length > 0) this.parents.set(at, parents);
  }

  parentsOf(at: number): readonly number[] {
    return this.parents.get(at) ?? [];
  }

  /** Of each task that others wait for, those others. */
  children(): Map<number, number[]> {
    const children = new Map<number, number[]>();
    for (const [at, parents] of this.parents) {
      for (const parent of parents) {
        const known = children.get(parent);
        if (known) known.push(at);
        else children.set(parent, [at]);
      }
    }
    return children;
  }

  isHeld(at: number): boolean {
    return this.held[at] === 1;
  }

  hasRun(at: number): boolean {
    return this.ran[at] === 1;
  }

  tookMs(at: number): number {
    return this.took[at] ?? 0;
  }
}
