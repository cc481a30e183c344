import type { OwingRecord } from '../task-commands/domain/owed-commands.js';
import type { ConcludingMove } from './domain/status-verdict.js';

export interface FoundOwingRecord extends OwingRecord {
  _id: string;
  resends: number;
}

/** A record whose task has ended without an event. */
export interface Conclusion {
  record: FoundOwingRecord;
  move: ConcludingMove;
  /** The run that the task has ended with. */
  attempt: number;
  why: string;
}

/** The records whose command may not have arrived: nothing newer was heard of their tasks. */
export abstract class OwingRecords {
  /** When the next one's time to be sent again comes, or came; null where there is none. */
  abstract nextDueAt(): Promise<string | null>;
  /** Those whose time to be sent again has come. */
  abstract due(now: string, limit: number): Promise<FoundOwingRecord[]>;
  /** Those never sent again whose time to be so lies between two times, in groups. */
  abstract neverResent(after: string, until: string, groupSize: number): AsyncIterable<FoundOwingRecord[]>;
  /** Sets when each is looked at next. */
  abstract markResent(records: readonly FoundOwingRecord[], now: number, firstIntervalMs: number): Promise<void>;
  /** Nothing more is owed: each task stands where its record has it. */
  abstract settle(records: readonly FoundOwingRecord[], now: number): Promise<void>;
  /** Brings records to where their tasks have ended. */
  abstract conclude(conclusions: readonly Conclusion[], now: number): Promise<void>;
}
