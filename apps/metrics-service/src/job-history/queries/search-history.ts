import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import type { MetricsServiceSettings } from '../../metrics-service.config.js';
import { HourColumns, type WholeHour } from '../domain/hour-columns.js';
import { firstWholeHour, hourMs, hourOf } from '../domain/history-hours.js';
import type { ColumnsPart } from '../domain/job-columns.js';
import { JobHistory, type JobListing } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';
import { inReads } from './hours-in-reads.js';

const dayMs = 86_400_000;
/** Of hours with few jobs, their rows are read as soon as their columns: some hundreds. */
const bytesMin = 20_000;
/** Where no more jobs than these are left by what else is asked, an index leads to them sooner than columns tell of them. */
const fewJobs = 1_000;
/** Of more moments than these the whole hour is read. */
const momentsMax = 1_000;
/** What ids of jobs are made of. */
const partOfId = /^[job_0-9a-f.-]*$/;

/**
 * What is read of the history for a list. No index leads to a text: where many jobs may have it, the columns of hours that are laid
 * down tell when those with it were made, and only what was made then is read.
 */
@Injectable()
export class SearchHistory {
  constructor(
    private readonly history: JobHistory,
    private readonly columns: HourColumns,
    @Inject(SETTINGS) private readonly settings: Pick<MetricsServiceSettings, 'HISTORY_RETENTION_DAYS'>,
  ) {}

  async *read(listing: JobListing): AsyncGenerator<JobRow, void, undefined> {
    const { filter, order } = listing;
    const within = (from: number, before: number, made?: readonly number[]): AsyncGenerator<JobRow, void, undefined> => {
      const created_after = new Date(Math.max(from, filter.created_after?.getTime() ?? 0));
      const created_before = Math.min(before, filter.created_before?.getTime() ?? Infinity);
      const bounds = { created_after, ...(created_before === Infinity ? {} : { created_before: new Date(created_before) }) };
      return this.history.read({ ...listing, filter: { ...filter, ...bounds }, made });
    };
    let [from, before] = [0, Infinity];
    for await (const { hour, made } of this.sifted(listing)) {
      // Neighbours leave nothing between them.
      const [gapFrom, gapBefore] = order === 'asc' ? [from, hour] : [hour + hourMs, before];
      if (gapFrom < gapBefore) yield* within(gapFrom, gapBefore);
      if (made.length > momentsMax) yield* within(hour, hour + hourMs);
      else if (made.length > 0) yield* within(hour, hour + hourMs, made);
      if (order === 'asc') from = hour + hourMs;
      else before = hour;
    }
    yield* within(from, before);
  }

  /** Hours that are laid down, in the order of the list, and when in them jobs with its text were made. */
  private async *sifted(listing: JobListing): AsyncGenerator<{ hour: number; made: readonly number[] }> {
    const { filter, order, after } = listing;
    const { text } = filter;
    if (text === undefined || partOfId.test(text) || (await this.isAboutFew(listing))) return;
    const place = after === null ? null : hourOf(after.created_at);
    const first = firstWholeHour(Date.now(), this.settings.HISTORY_RETENTION_DAYS * dayMs);
    const from = Math.max(first, hourOf(filter.created_after?.getTime() ?? 0), (order === 'asc' && place) || 0);
    const before = order === 'desc' && place !== null ? place + hourMs : Infinity;
    const laid = await this.columns.laid(from, Math.min(before, filter.created_before?.getTime() ?? Infinity));
    const hours = laid.filter(({ bytes }) => bytes >= bytesMin);
    for (const some of inReads(order === 'asc' ? hours : hours.toReversed())) yield* this.madeIn(some, text);
  }

  /** As far as indexes tell. */
  private async isAboutFew({ filter, order }: JobListing): Promise<boolean> {
    const indexed = { ...filter, text: undefined, error_types: undefined, duration_ms: undefined };
    const { isCapped } = await this.history.count({ filter: indexed, order, after: null, expected: fewJobs }, 0);
    return !isCapped;
  }

  private async *madeIn(hours: readonly WholeHour[], text: string): AsyncGenerator<{ hour: number; made: readonly number[] }> {
    const parts = await this.columns.read(hours);
    for (const { hour } of hours) {
      const made = await madeWith(parts.get(hour), text);
      if (made !== null) yield { hour, made };
    }
  }
}

/** Null where the columns do not tell; of very many moments some, which are too many. */
async function madeWith(parts: readonly ColumnsPart[] | undefined, text: string): Promise<readonly number[] | null> {
  if (!parts) return null;
  const made = new Set<number>();
  for (const part of parts) {
    const some = part.madeWith(text);
    if (some === null) return null;
    for (const at of some) made.add(at);
    if (made.size > momentsMax) break;
    // Who reads much of the history must not keep its events and other questions waiting.
    await new Promise(setImmediate);
  }
  return [...made];
}
