import { isRerun, type PlannedRerun, type Standing } from './plan-rerun.js';
import type { RerunTable } from './rerun-table.js';
import type { RunColumns } from './run-columns.js';

/** The runs of a job that have the same tasks, and what a new one would give out. */
export interface KnownRuns {
  /** The oldest first, the job itself among them. */
  runs: readonly RunColumns[];
  /** The job. */
  own: RunColumns;
  /** Digests of the tasks as they would be kept: those of the job, or of the latest definition. */
  kept: (at: number) => string;
  /** The same, as they would run: with the parameters of the rerun. */
  toRun: (at: number) => string;
}

/** What a rerun keeps by its content. */
export interface Reused {
  /** The run whose output a task is kept with; null where it is kept as it stands in the job, or not kept. */
  heldBy(at: number): RunColumns | null;
  /** The run that made that output. */
  madeBy(at: number): RunColumns | null;
  /** The content key of a task; null where it is not known before others have run, and of what is left as it stands. */
  keyAt(at: number): string | null;
}

const noOutput = '-';
const nowhere = -1;
/** Tasks that are looked at between two rests: each takes some hashes for every run. */
const sliceSize = 500;

/**
 * Tells which outputs may be used again, by content key: the hash of the type of the job, the task as it would run, and the outputs
 * of those that it waits for. An output goes under the key that its task had in the run that made it, by how that run stands now.
 * A job may have a million tasks: they are looked at in slices, what is found of each is a byte, and its key is made anew where it is
 * shown.
 */
export class ContentKeys implements Standing {
  /** The run that has what each task would be kept with, if nothing were run again. */
  private readonly stands: Int8Array;
  private readonly order: Int32Array;

  private constructor(
    private readonly type: string,
    private readonly table: RerunTable,
    private readonly known: KnownRuns,
    private readonly digest: (text: string) => string,
  ) {
    this.order = inOrder(table);
    this.stands = new Int8Array(table.size).fill(nowhere);
  }

  static *of(
    type: string,
    table: RerunTable,
    known: KnownRuns,
    digest: (text: string) => string,
  ): Generator<undefined, ContentKeys> {
    const keys = new ContentKeys(type, table, known, digest);
    const { order, stands } = keys;
    for (const [looked, at] of order.entries()) {
      if (looked % sliceSize === sliceSize - 1) yield;
      stands[at] = keys.search(at, keys.keyOf(known.kept(at), keys.inputsOf(at, stands)));
    }
    return keys;
  }

  hasOutput(at: number): boolean {
    return this.isCurrent(at) || this.known.own.hasOutput(at);
  }

  isCurrent(at: number): boolean {
    return this.stands[at] !== nowhere;
  }

  /** Takes out of a plan what need not run, as the same inputs have had an output before. */
  *reused({ roles }: PlannedRerun): Generator<undefined, Reused> {
    const { table, known } = this;
    const held = this.stands.map((run, at) => (roles[at] === 'reuse' ? run : nowhere));
    // What those will give that run is not known before they have run.
    const isKnown = (at: number): boolean => !table.parentsOf(at).some((parent) => isRerun(roles[parent]));
    const keyToRun = (at: number): string => this.keyOf(known.toRun(at), this.inputsOf(at, held));
    for (const [looked, at] of this.order.entries()) {
      if (looked % sliceSize === sliceSize - 1) yield;
      if (!isRerun(roles[at]) || !isKnown(at)) continue;
      const run = this.search(at, keyToRun(at));
      if (run === nowhere) continue;
      roles[at] = 'reuse';
      held[at] = run;
    }
    const heldBy = (at: number): RunColumns | null => known.runs[held[at] ?? nowhere] ?? null;
    const madeBy = (at: number): RunColumns | null => {
      const run = heldBy(at);
      return run && this.madeAt(at, run);
    };
    const keyAt = (at: number): string | null => {
      if (isRerun(roles[at])) return isKnown(at) ? keyToRun(at) : null;
      const made = madeBy(at);
      return made && this.keyIn(at, made);
    };
    return { heldBy, madeBy, keyAt };
  }

  /** What those give that a task waits for; of what is held nowhere, what the job has. */
  private inputsOf(at: number, held: Int8Array): string[] {
    const { runs, own } = this.known;
    return this.table.parentsOf(at).map((parent) => (runs[held[parent] ?? nowhere] ?? own).outputAt(parent) ?? noOutput);
  }

  /** The job's own output where it is one of those, as least is read then, and else the newest. */
  private search(at: number, key: string): number {
    const { runs, own } = this.known;
    if (this.has(at, own, key)) return runs.indexOf(own);
    return runs.findLastIndex((run) => run !== own && this.has(at, run, key));
  }

  private has(at: number, run: RunColumns, key: string): boolean {
    if (!run.hasOutput(at)) return false;
    const made = this.madeAt(at, run);
    return made !== null && this.keyIn(at, made) === key;
  }

  /** The run that made an output which a run holds; null where that is not there any more. */
  private madeAt(at: number, held: RunColumns): RunColumns | null {
    for (const run of this.known.runs) {
      if (run === held) break;
      if (run.hasSameSuccess(at, held)) return run;
    }
    return held.isOld(at) ? null : held;
  }

  /** The key that a task had in a run. */
  private keyIn(at: number, run: RunColumns): string {
    return this.keyOf(
      run.givenAt(at),
      this.table.parentsOf(at).map((parent) => run.outputAt(parent) ?? noOutput),
    );
  }

  private keyOf(given: string, outputs: readonly string[]): string {
    return this.digest(`${this.type}\n${given}\n${outputs.join('\n')}`);
  }
}

/** The places of all tasks, each behind those that it waits for. */
function inOrder(table: RerunTable): Int32Array {
  const { size } = table;
  const children = table.children();
  const open = new Int32Array(size);
  const order = new Int32Array(size);
  let count = 0;
  for (let at = 0; at < size; at += 1) {
    open[at] = table.parentsOf(at).length;
    if (open[at] === 0) order[count++] = at;
  }
  for (let next = 0; next < count; next += 1) {
    for (const child of children.get(order[next] as number) ?? []) {
      open[child] = (open[child] as number) - 1;
      if (open[child] === 0) order[count++] = child;
    }
  }
  return order;
}
