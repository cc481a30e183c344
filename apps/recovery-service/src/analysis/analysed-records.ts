import type { AnalysedPart } from './domain/analysed-part.js';
import type { FailureColumns } from './domain/failure-columns.js';

/** What a group is called. */
export interface GroupFace {
  title: string;
  error_type: string;
}

/** The error records, for those who read very many of them. */
export abstract class AnalysedRecords {
  /** In no order, all that are in a part, and others with them: whoever sums them up looks at each. */
  abstract read(part: AnalysedPart): AsyncGenerator<FailureColumns, void, undefined>;
  /** Whether a part is read record by record for good: it has an hour with more than are laid down. */
  abstract hasLargeHour(part: AnalysedPart): Promise<boolean>;
  /** As the newest record of each in a part has it; those without one are left out. */
  abstract facesOf(groupIds: readonly string[], part: AnalysedPart): Promise<Map<string, GroupFace>>;
}

/** The error records, for those who lay down hours of them. */
export abstract class RecordHours {
  /** The hour of the first record that failed at a time or later; null where none did. */
  abstract hourAfter(time: number): Promise<number | null>;
  /** The records of an hour but those that were closed until a time, some at a time: so many that those take little room. */
  abstract ofHour(hour: number, closedAfter: Date): AsyncGenerator<FailureColumns, void, undefined>;
}
