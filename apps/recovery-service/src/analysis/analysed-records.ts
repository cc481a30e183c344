import type { AnalysedRecord } from './domain/failure-analyst.js';

export interface AnalysedPart {
  /** By the last failure: from its start on, before its end. */
  start: Date;
  end: Date;
  /** Types, or prefixes with a star at their end. */
  error_types?: readonly string[] | undefined;
  job_ids?: readonly string[] | undefined;
  tenant?: string | undefined;
}

/** The error records, for those who read very many of them. */
export abstract class AnalysedRecords {
  /** In no order. */
  abstract read(part: AnalysedPart): AsyncGenerator<AnalysedRecord, void, undefined>;
}
