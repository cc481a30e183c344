import type { Collection, Filter } from 'mongodb';
import type { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { hourMs, hourOf } from '../../records/domain/failure-hours.js';
import { errorRecordsOf, ofTenant } from '../../records/mongo/error-record-collection.js';
import { newestFirst } from '../../records/mongo/newest-first.js';
import { typesLike } from '../../records/mongo/record-filter.js';
import type { AnalysedRecords, GroupFace, RecordHours } from '../analysed-records.js';
import type { AnalysedPart } from '../domain/analysed-part.js';
import { ColumnsBuilder, type AnalysedRecord, type FailureColumns } from '../domain/failure-columns.js';
import type { LaidHours } from '../laid-hours.js';

const recordsPerBatch = 1_000;
const numbersPerBatch = 20_000;
/** Of some 20,000 tasks: so many are summed up, or laid down, in a turn of some milliseconds, and take some megabytes. */
const numbersPerPartDefault = 300_000;
/** So few are read record by record sooner than hours of the whole period. */
const fewRecordsDefault = 20_000;

const analysedFields = {
  ...{ _id: 0, tenant: 1, job_id: 1, job_type: 1, error_type: 1, timestamp: 1, recovery_status: 1 },
  ...{ phase: 1, retry_count: 1, group_id: 1, closed_at: 1 },
  ...{ 'failed_runs.attempt': 1, 'failed_runs.failed_at': 1, 'failed_runs.retry_delay_ms': 1 },
} as const;

/** The error records in MongoDB, for those who read very many of them: by hours where those are laid down, or else one by one. */
export class AnalysedRecordStore implements AnalysedRecords, RecordHours {
  private readonly records: Collection<StoredErrorRecord>;

  constructor(
    store: Store,
    private readonly laidHours: LaidHours,
    private readonly fewRecords = fewRecordsDefault,
    private readonly numbersPerPart = numbersPerPartDefault,
  ) {
    this.records = errorRecordsOf(store);
  }

  async *read(part: AnalysedPart): AsyncGenerator<FailureColumns, void, undefined> {
    if (await this.isOfFew(part)) yield* this.rows(part);
    else yield* this.hours(part);
  }

  async hasLargeHour({ start, end }: AnalysedPart): Promise<boolean> {
    return this.laidHours.hasLargeHour(hourOf(start.getTime()), end.getTime());
  }

  async facesOf(groupIds: readonly string[], part: AnalysedPart): Promise<Map<string, GroupFace>> {
    const filter = ofPart(part);
    const found = await Promise.all(
      groupIds.map((group_id) =>
        this.records
          .find({ group_id, ...filter })
          .sort(newestFirst)
          .limit(1)
          .project<{ group_id: string; group_title: string; error_type: string }>({ group_id: 1, group_title: 1, error_type: 1 })
          .next(),
      ),
    );
    return new Map(
      found.flatMap((face) => (face ? [[face.group_id, { title: face.group_title, error_type: face.error_type }]] : [])),
    );
  }

  async hourAfter(time: number): Promise<number | null> {
    const first = await this.records
      .find({ timestamp: { $gte: new Date(time).toISOString() } })
      .sort({ timestamp: 1, _id: 1 })
      .limit(1)
      .project<Pick<StoredErrorRecord, 'timestamp'>>({ timestamp: 1 })
      .next();
    return first && hourOf(Date.parse(first.timestamp));
  }

  async *ofHour(hour: number, closedAfter: Date): AsyncGenerator<FailureColumns, void, undefined> {
    const filter = { ...within(new Date(hour), new Date(hour + hourMs)), $nor: [{ closed_at: { $lte: closedAfter } }] };
    yield* this.columnsOf(filter, this.numbersPerPart);
  }

  private async isOfFew({ start, end, job_ids: jobs }: AnalysedPart): Promise<boolean> {
    const filter = { ...within(start, end), ...ofJobs(jobs) };
    return (await this.records.countDocuments(filter, { limit: this.fewRecords + 1 })) <= this.fewRecords;
  }

  private async *hours(part: AnalysedPart): AsyncGenerator<FailureColumns, void, undefined> {
    const [from, before] = [hourOf(part.start.getTime()), part.end.getTime()];
    // Read before the hours: one of which nothing is known then has no records before it.
    const reached = (await this.laidHours.reached())?.before ?? -Infinity;
    const unlaid: { start: number; end: number }[] = [];
    for await (const { hour, parts } of this.laidHours.between(from, Math.min(before, reached))) {
      const last = unlaid.at(-1);
      if (parts) yield* parts;
      else if (last?.end === hour) last.end += hourMs;
      else unlaid.push({ start: hour, end: hour + hourMs });
    }
    if (before > reached) unlaid.push({ start: Math.max(from, reached), end: before });
    for (const { start, end } of unlaid) yield* this.rows({ ...part, start: new Date(start), end: new Date(end) });
  }

  private rows(part: AnalysedPart): AsyncGenerator<FailureColumns, void, undefined> {
    return this.columnsOf(ofPart(part), numbersPerBatch);
  }

  private async *columnsOf(
    filter: Filter<StoredErrorRecord>,
    numbersMax: number,
  ): AsyncGenerator<FailureColumns, void, undefined> {
    let builder = new ColumnsBuilder();
    for await (const record of this.find(filter)) {
      builder.add(record);
      if (builder.numbers < numbersMax) continue;
      yield builder.build();
      builder = new ColumnsBuilder();
    }
    if (builder.size > 0) yield builder.build();
  }

  private find(filter: Filter<StoredErrorRecord>) {
    return this.records.find(filter).project<AnalysedRecord>(analysedFields).batchSize(recordsPerBatch);
  }
}

function ofPart({
  start,
  end,
  error_types: types,
  job_ids: jobs,
  tenant,
  closed_after,
}: AnalysedPart): Filter<StoredErrorRecord> {
  return {
    ...within(start, end),
    ...ofJobs(jobs),
    ...(types === undefined ? {} : { $or: types.map((type) => ({ error_type: typesLike(type) })) }),
    ...ofTenant(tenant),
    ...(closed_after ? { $nor: [{ closed_at: { $lte: closed_after } }] } : {}),
  };
}

function within(start: Date, end: Date): Filter<StoredErrorRecord> {
  return { timestamp: { $gte: start.toISOString(), $lt: end.toISOString() } };
}

function ofJobs(jobs: readonly string[] | undefined): Filter<StoredErrorRecord> {
  return jobs === undefined ? {} : { job_id: { $in: [...jobs] } };
}
