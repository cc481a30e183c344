import { Injectable } from '@nestjs/common';
import { digestOfJobs, type BatchJob, type JobVersion } from '@kintsugi/contracts';
import { correctionOf, versionOf } from '../domain/job-correction.js';
import { JobHistory } from '../domain/job-history.js';
import { emptyRow, type JobRow } from '../domain/job-row.js';

/** Jobs by the UUIDs in their ids: from the first on, up to the second, which is not among them. */
export interface JobRange {
  from: string;
  before: string;
}

/** What job-service's record says. */
export abstract class JobRecords {
  /** What the newest jobs of a range come to, and how far down they reach. */
  abstract digest(range: JobRange): Promise<{ from: string; count: number; digest: string }>;
  abstract versions(range: JobRange): Promise<{ from: string; jobs: readonly JobVersion[] }>;
  abstract read(jobIds: readonly string[]): Promise<{ asOf: number; jobs: readonly BatchJob[] }>;
}

export interface ComparedPage {
  /** Where the page begins: the rest of the range ends there. */
  from: string;
  /** Jobs that the history lacked, or had otherwise. */
  corrected: number;
}

const readMax = 50;

/**
 * Holds the history against the record, a page at a time, and asks for the jobs that differ. Whatever the cause — events lost
 * with the broker's files, or dropped before anybody read them — the history then says what the record does.
 */
@Injectable()
export class CompareHistory {
  constructor(
    private readonly history: JobHistory,
    private readonly records: JobRecords,
  ) {}

  /** Compares the newest jobs of a range: those that one page of the record has, or fewer where the history remembers many more. */
  async execute(range: JobRange): Promise<ComparedPage> {
    const page = await this.records.digest(range);
    const { from, rows } = await this.history.newest(page.from, range.before);
    const { digest, count } = from === page.from ? page : await this.records.digest({ from, before: range.before });
    const known = new Map(rows.map((row) => [row.job_id, row]));
    const versions = versionsOf(known.values());
    if (versions.length === count && digestOfJobs(versions) === digest) return { from, corrected: 0 };
    const recorded = await this.records.versions({ from, before: range.before });
    const version = new Map(versions.map((own) => [own.job_id, own.version]));
    const wrong = recorded.jobs.filter((job) => version.get(job.job_id) !== job.version).map(({ job_id }) => job_id);
    for (let first = 0; first < wrong.length; first += readMax) await this.correct(wrong.slice(first, first + readMax), known);
    return { from: recorded.from, corrected: wrong.length };
  }

  private async correct(jobIds: readonly string[], known: ReadonlyMap<string, JobRow>): Promise<void> {
    const { asOf, jobs } = await this.records.read(jobIds);
    await this.history.record(
      jobs.map((job) => ({ row: correctionOf(job, known.get(job.id) ?? emptyRow(job.id), asOf), repeated: true })),
    );
  }
}

function versionsOf(rows: Iterable<JobRow>): JobVersion[] {
  return [...rows].flatMap((row) => {
    const version = versionOf(row);
    return version === null ? [] : { job_id: row.job_id, version };
  });
}
