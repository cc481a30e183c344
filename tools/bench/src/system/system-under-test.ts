import type { Recorded } from '../domain/exactness.js';
import type { Lane } from '../domain/task-payload.js';
import type { SystemName } from '../domain/systems.js';

/** Where producers and workers of a system find it. Handed to their processes as JSON. */
export type Address = Record<string, string | number>;

/** What a producer submitted: receipts are the ids that the system gave, where it needs them to be asked for later. */
export interface Submission {
  startedAtMs: number;
  acceptedAtMs: number;
  accepted: number;
  receipts: string[];
}

export interface NamedProcess {
  name: string;
  pid: number;
  /** Where it answers for itself. */
  opsUrl?: string;
}

export interface SystemProcesses {
  /** Servers that are not part of the system's own code: Redis, PostgreSQL, NATS, MongoDB. */
  servers: NamedProcess[];
  /** Processes of the system itself beside producers and workers. */
  services: NamedProcess[];
}

/** A system that the benchmark measures: started in a temporary folder, looked at from outside, stopped. */
export interface SystemUnderTest {
  readonly name: SystemName;
  readonly address: Address;
  /** Versions and settings, for the report. */
  readonly about: { versions: string; settings: string };
  start(folder: string): Promise<void>;
  processes(): SystemProcesses;
  /** Makes it as good as new before a run, where it has to be. */
  refresh(): Promise<void>;
  /** What its store says about a submission by now. */
  recordedOf(lane: Lane, submission: Submission): Promise<Recorded>;
  /** Looks closer once all is done; what is wrong, or nothing. */
  faultsAfter(lane: Lane, submission: Submission): Promise<string[]>;
  stop(): Promise<void>;
}
