import { Digests } from './digests.js';

/** What is read of a task of a run, to tell whether its output may be used again. */
export interface TaskOfRun {
  /** Digest of the task as that run gave it out: its own id, what it waits for, and its payload with what was laid over it. */
  given: string;
  /** Digest of its result; null where it has not succeeded. */
  output: string | null;
  startedAt: number;
  tookUs: number;
  /** It began before its run was made: that run has it from another one. */
  isOld: boolean;
}

/** The tasks of one run of a job in columns, by their places: some fifty bytes of each, however long their payloads are. */
export class RunColumns {
  private readonly given: Digests;
  private readonly outputs: Digests;
  private readonly succeeded: Uint8Array;
  private readonly old: Uint8Array;
  private readonly startedAt: Float64Array;
  private readonly tookUs: Float64Array;

  constructor(
    readonly jobId: string,
    total: number,
  ) {
    this.given = new Digests(total);
    this.outputs = new Digests(total);
    this.succeeded = new Uint8Array(total);
    this.old = new Uint8Array(total);
    this.startedAt = new Float64Array(total);
    this.tookUs = new Float64Array(total);
  }

  set(at: number, { given, output, startedAt, tookUs, isOld }: TaskOfRun): void {
    this.given.set(at, given);
    if (output !== null) this.outputs.set(at, output);
    this.succeeded[at] = output === null ? 0 : 1;
    this.old[at] = isOld ? 1 : 0;
    this.startedAt[at] = startedAt;
    this.tookUs[at] = tookUs;
  }

  givenAt(at: number): string {
    return this.given.at(at);
  }

  /** Null where there is none. */
  outputAt(at: number): string | null {
    return this.hasOutput(at) ? this.outputs.at(at) : null;
  }

  hasOutput(at: number): boolean {
    return this.succeeded[at] === 1;
  }

  isOld(at: number): boolean {
    return this.old[at] === 1;
  }

  /** Whether the success at a place is one and the same in both: one of them has it from the other. */
  hasSameSuccess(at: number, other: RunColumns): boolean {
    return (
      this.startedAt[at] === other.startedAt[at] &&
      this.tookUs[at] === other.tookUs[at] &&
      this.hasOutput(at) &&
      other.hasOutput(at) &&
      this.outputs.isSame(at, other.outputs)
    );
  }
}
