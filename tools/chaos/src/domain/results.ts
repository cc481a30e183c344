import type { FaultKind } from './fault.js';
import type { Violation } from './invariants.js';

/** How soon the platform worked again after one fault, in milliseconds from the moment the fault was over. */
export interface Recovery {
  kind: FaultKind;
  victim: string | null;
  /** Until a job was accepted by HTTP. */
  acceptedMs: number;
  /** Until the task of such a job had taken effect. */
  healedMs: number;
}

/** What one run came to. */
export interface ChaosResults {
  seed: number;
  startedAt: string;
  durationS: number;
  machine: string;
  /** SIGKILLs, one for each process that was struck. */
  kills: number;
  pauses: number;
  accepted: number;
  tasks: number;
  /** Runs of tasks, as the recorder outside the platform counted them. */
  runs: number;
  refusedRequests: number;
  recoveries: Recovery[];
  violations: Violation[];
  /** Kinds of faults that this machine does not allow, with the reason. */
  leftOut: { kind: FaultKind; reason: string }[];
  interrupted: boolean;
}
