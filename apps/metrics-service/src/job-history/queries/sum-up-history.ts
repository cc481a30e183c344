import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import type { MetricsServiceSettings } from '../../metrics-service.config.js';
import { HourColumns, type WholeHour } from '../domain/hour-columns.js';
import { firstWholeHour, hourMs, hourOf } from '../domain/history-hours.js';
import { HistorySummary, type Aggregations } from '../domain/history-summary.js';
import { isInColumns } from '../domain/job-columns.js';
import { fieldOf, figuresOf } from '../domain/job-figures.js';
import { JobHistory, type JobFilter } from '../domain/job-history.js';
import { inReads } from './hours-in-reads.js';

const dayMs = 86_400_000;

/** Sums over all jobs that a filter leaves: from the columns of the hours that are laid down, and from the rows of all others. */
@Injectable()
export class SumUpHistory {
  constructor(
    private readonly history: JobHistory,
    private readonly columns: HourColumns,
    @Inject(SETTINGS) private readonly settings: Pick<MetricsServiceSettings, 'HISTORY_RETENTION_DAYS'>,
  ) {}

  async execute(filter: JobFilter, asked: Aggregations): Promise<HistorySummary> {
    const summary = new HistorySummary(asked);
    let place = filter.created_after;
    for (const hours of inReads(await this.laidHours(filter))) {
      for (const [hour, parts] of await this.columns.read(hours)) {
        await this.addRows(summary, { ...filter, created_after: place, created_before: new Date(hour) }, asked);
        for (const part of parts) {
          part.each(filter, asked.group_by, (job, group) => summary.add(job, group));
          // Who reads much of the history must not keep its events and other questions waiting.
          await new Promise(setImmediate);
        }
        place = new Date(hour + hourMs);
      }
    }
    await this.addRows(summary, { ...filter, created_after: place }, asked);
    return summary;
  }

  private async laidHours(filter: JobFilter): Promise<WholeHour[]> {
    if (!isInColumns(filter)) return [];
    const first = firstWholeHour(Date.now(), this.settings.HISTORY_RETENTION_DAYS * dayMs);
    const from = Math.max(first, hourOf(filter.created_after?.getTime() ?? 0));
    return this.columns.laid(from, filter.created_before?.getTime() ?? Infinity);
  }

  private async addRows(summary: HistorySummary, filter: JobFilter, { group_by: field }: Aggregations): Promise<void> {
    const { created_after: from, created_before: before } = filter;
    if (from && before && from >= before) return;
    for await (const row of this.history.read({ filter, order: 'asc', after: null, expected: Infinity })) {
      summary.add(figuresOf(row), field && fieldOf(row, field));
    }
  }
}
