import type { StoredRecords } from '../records/error-records-in-memory.js';
import type { AnalysedRecords, GroupFace } from './analysed-records.js';
import type { AnalysedPart } from './domain/analysed-part.js';
import { ColumnsBuilder, type FailureColumns } from './domain/failure-columns.js';
import { isRecordInPart } from './plain-analysis.js';

/** Error records in memory, for specs: they are read as those in MongoDB are. */
export class AnalysedRecordsInMemory implements AnalysedRecords {
  constructor(private readonly stored: StoredRecords) {}

  async *read(): AsyncGenerator<FailureColumns, void, undefined> {
    const builder = new ColumnsBuilder();
    for (const record of this.stored.values()) builder.add(record);
    yield builder.build();
  }

  async hasLargeHour(): Promise<boolean> {
    return false;
  }

  async facesOf(groupIds: readonly string[], part: AnalysedPart): Promise<Map<string, GroupFace>> {
    const rising = [...this.stored.values()]
      .filter((record) => isRecordInPart(record, part))
      .sort((one, other) => (one.timestamp < other.timestamp ? -1 : 1));
    const faces = new Map<string, GroupFace>();
    for (const { group_id: id, group_title: title, error_type } of rising) {
      if (groupIds.includes(id)) faces.set(id, { title, error_type });
    }
    return faces;
  }
}
