import { MongoBulkWriteError, type AnyBulkWriteOperation, type Collection, type WriteError } from 'mongodb';
import type { Store } from '@kintsugi/persistence';
import type { JobFilter, JobHistory, JobPosition } from '../domain/job-history.js';
import { joinRows, type JobRow } from '../domain/job-row.js';
import { documentOf, rowOf, type JobDocument } from './job-document.js';
import { historyCollection, type FilterField } from './job-indexes.js';
import { searchOf } from './job-search.js';

const duplicateKey = 11_000;
/** Another replica can win the same row; this often in a row it cannot be chance. */
const joinAttemptsMax = 20;

/**
 * The history in MongoDB, one document a job. A job that is new costs one insert; any other is read, joined and
 * replaced on condition that its row is still the one that was read.
 */
export class MongoJobHistory implements JobHistory {
  private readonly documents: Collection<JobDocument>;

  constructor(
    store: Store,
    private readonly indexedFilters: readonly FilterField[],
  ) {
    this.documents = store.collection<JobDocument>(historyCollection);
  }

  async record(rows: readonly JobRow[]): Promise<void> {
    const duplicates = await this.insert(rows.filter((row) => row.head !== null));
    await this.join([...rows.filter((row) => row.head === null), ...duplicates]);
  }

  async find(jobId: string): Promise<JobRow | null> {
    const document = await this.documents.findOne({ _id: jobId });
    return document && rowOf(document);
  }

  async list(filter: JobFilter, after: JobPosition | null, limit: number): Promise<JobRow[]> {
    const { query, index } = searchOf(filter, after, this.indexedFilters);
    const documents = await this.documents
      .find(query)
      .sort({ 'head.created_at': -1, _id: -1 })
      .hint(index)
      .limit(limit)
      .toArray();
    return documents.map(rowOf);
  }

  /** Inserts rows of jobs that should be new and gives back those that were not. */
  private async insert(rows: readonly JobRow[]): Promise<JobRow[]> {
    if (rows.length === 0) return [];
    try {
      await this.documents.insertMany(
        rows.map((row) => documentOf(row, 0)),
        { ordered: false },
      );
      return [];
    } catch (error) {
      return duplicatesIn(error).map(({ index }) => rows[index] as JobRow);
    }
  }

  private async join(rows: readonly JobRow[]): Promise<void> {
    let left = rows;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      if (attempt > joinAttemptsMax) throw new Error(`${left.length} history rows kept changing while they were joined.`);
      left = await this.tryJoin(left);
    }
  }

  /** Gives back the rows that must be looked at again: none, unless something else wrote one of them meanwhile. */
  private async tryJoin(rows: readonly JobRow[]): Promise<JobRow[]> {
    const known = await this.findAll(rows.map((row) => row.job_id));
    const changed: JobRow[] = [];
    const operations: AnyBulkWriteOperation<JobDocument>[] = [];
    for (const row of rows) {
      const operation = operationFor(row, known.get(row.job_id));
      if (operation === null) continue;
      changed.push(row);
      operations.push(operation);
    }
    if (operations.length === 0) return [];
    try {
      const { insertedCount, matchedCount } = await this.documents.bulkWrite(operations, { ordered: false });
      return insertedCount + matchedCount === operations.length ? [] : changed;
    } catch (error) {
      duplicatesIn(error);
      return changed;
    }
  }

  private async findAll(jobIds: readonly string[]): Promise<Map<string, JobDocument>> {
    const documents = await this.documents.find({ _id: { $in: [...jobIds] } }).toArray();
    return new Map(documents.map((document) => [document._id, document]));
  }
}

/** What brings the stored row up to date, or null when it knows everything already. */
function operationFor(row: JobRow, known: JobDocument | undefined): AnyBulkWriteOperation<JobDocument> | null {
  if (!known) return { insertOne: { document: documentOf(row, 0) } };
  const before = rowOf(known);
  const joined = joinRows(before, row);
  if (joined === before) return null;
  return { replaceOne: { filter: { _id: known._id, rev: known.rev }, replacement: documentOf(joined, known.rev + 1) } };
}

/** The inserts that found their job known; any other fault is thrown. */
function duplicatesIn(error: unknown): WriteError[] {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
  const errors = [error.writeErrors].flat();
  if (errors.length === 0 || errors.some(({ code }) => code !== duplicateKey)) throw error;
  return errors;
}
