/** How often the handlers ran, counted by the handlers themselves. */
export interface Tally {
  runs: number;
  /** Different tasks that ran at least once. */
  unique: number;
  /** Runs beyond the first of a task. */
  repeated: number;
  /** Runs of tasks that were never submitted. */
  foreign: number;
}

/** What a system's own store says about the tasks of one run. */
export interface Recorded {
  done: number;
  failed: number;
  /** Neither done nor failed. */
  unfinished: number;
}

export interface Delivery {
  submitted: number;
  accepted: number;
  handled: Tally;
  recorded: Recorded;
}

/** Counts runs by task number; numbers run from 0. */
export class TallyBook {
  private readonly runsOf: Uint8Array;
  private foreign = 0;
  private runs = 0;
  private unique = 0;

  constructor(readonly expected: number) {
    this.runsOf = new Uint8Array(expected);
  }

  /** Whether every task has run by now; says so once. */
  count(taskNumber: number): boolean {
    this.runs += 1;
    const before = this.runsOf[taskNumber];
    if (before === undefined) {
      this.foreign += 1;
      return false;
    }
    this.runsOf[taskNumber] = Math.min(before + 1, 255);
    if (before > 0) return false;
    this.unique += 1;
    return this.unique === this.expected;
  }

  tally(): Tally {
    const { runs, unique, foreign } = this;
    return { runs, unique, repeated: runs - unique - foreign, foreign };
  }
}

/**
 * Why a run is not exact, empty when it is: every task accepted, run and recorded as done, and nothing else. Repeated
 * runs are no fault at this point, because delivery is at least once everywhere here; they are reported.
 */
export function faultsOfDelivery({ submitted, accepted, handled, recorded }: Delivery): string[] {
  const faults: string[] = [];
  if (accepted !== submitted) faults.push(`${submitted} tasks were submitted and ${accepted} accepted`);
  if (handled.unique !== submitted) faults.push(`${handled.unique} of ${submitted} tasks ran`);
  if (handled.foreign > 0) faults.push(`${handled.foreign} runs belong to no task of this run`);
  if (recorded.done !== submitted) faults.push(`${recorded.done} of ${submitted} tasks are recorded as done`);
  if (recorded.failed > 0) faults.push(`${recorded.failed} tasks are recorded as failed`);
  if (recorded.unfinished > 0) faults.push(`${recorded.unfinished} tasks are recorded as unfinished`);
  return faults;
}
