import type { BatchJob, HistoryAggregations, JobHistoryPage } from '@kintsugi/contracts';
import { moreLines } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { ago, count, duration, percent, plural } from '../terminal/quantities.js';
import { sparkline } from '../terminal/sparkline.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';
import { paintStatus } from './job-status-paint.js';

type View = Pick<Output, 'paint' | 'rowColumns' | 'columns'>;

/** A page of the history, and what all jobs of the search add up to, for a person. */
export function historyLines(
  { items, pagination, aggregations }: JobHistoryPage,
  output: View,
  { by = 'value', now = Date.now() }: { by?: string | undefined; now?: number } = {},
): string[] {
  const { paint } = output;
  const groups = aggregations?.groups ? ['', ...groupRows(aggregations.groups, by, output)] : [];
  const sums = aggregations ? ['', ...sumLines(aggregations, output), ...groups] : [];
  if (items.length === 0) return ['No job in the history is like that.', ...sums];
  const { total, total_is_capped: isCapped } = pagination;
  const counted = total === null ? [] : [paint.dim(isCapped ? `At least ${count(total)} jobs.` : `${plural(total, 'job')}.`)];
  return [...jobRows(items, output, now), ...counted, ...moreLines(pagination.next_cursor, paint), ...sums];
}

function jobRows(items: BatchJob[], { paint, rowColumns }: View, now: number): string[] {
  const rows = items.map((job) => [
    job.id,
    job.status,
    job.started_at && job.finished_at ? duration(Date.parse(job.finished_at) - Date.parse(job.started_at)) : '-',
    count(job.detailed_status.error_count),
    ago(job.created_at, now).replace(' ago', ''),
    harmless(job.type),
  ]);
  return table(
    [
      { title: 'ID' },
      { title: 'STATUS', paint: (padded, text) => paintStatus(text, paint)(padded) },
      { title: 'TOOK', align: 'right' },
      { title: 'ERRORS', align: 'right' },
      { title: 'AGE', align: 'right' },
      { title: 'TYPE', shrinks: true, columnsMin: 4 },
    ],
    rows,
    { columns: rowColumns, paintTitle: paint.dim },
  );
}

function groupRows(groups: NonNullable<HistoryAggregations['groups']>, by: string, { paint, rowColumns }: View): string[] {
  const rows = groups.map(({ value, jobs, success_rate: succeeded, error_rate: failed, avg_duration: took }) => [
    harmless(value),
    count(jobs),
    succeeded === null ? '-' : percent(succeeded),
    failed === null ? '-' : percent(failed),
    took === null ? '-' : duration(took),
  ]);
  return table(
    [
      { title: by.toUpperCase(), shrinks: true, columnsMin: 8 },
      { title: 'JOBS', align: 'right' },
      { title: 'COMPLETED', align: 'right' },
      { title: 'RUNS FAILED', align: 'right' },
      { title: 'TOOK', align: 'right' },
    ],
    rows,
    { columns: rowColumns, paintTitle: paint.dim },
  );
}

const nameWidth = 12;
function sumLines(sums: HistoryAggregations, { paint, columns }: View): string[] {
  const { counted, success_rate, success_interval, avg_duration, duration_ms: quantiles, error_rate, error_interval } = sums;
  const line = (name: string, text: string): string[] =>
    wrap(text, columns - nameWidth).map((part, index) => `${paint.dim((index === 0 ? name : '').padEnd(nameWidth))}${part}`);
  const rate = (value: number | null | undefined, interval: [number, number] | null | undefined, of: string): string =>
    value === null || value === undefined
      ? '-'
      : `${percent(value)} of ${of}${interval ? ` (95 %: ${interval.map(percent).join(' to ')})` : ''}`;
  return [
    ...line('Jobs', `${count(counted.jobs)}: ${partsOf(counted)}`),
    ...line('Completed', rate(success_rate, success_interval, count(counted.completed + counted.failed))),
    ...line('Took', tookWords(avg_duration, quantiles)),
    ...line('Runs failed', rate(error_rate, error_interval, `${count(counted.runs)} runs`)),
    ...(sums.histogram
      ? [
          `${paint.dim('Accepted'.padEnd(nameWidth))}${sparkline(
            sums.histogram.buckets.map(({ jobs }) => jobs),
            columns - nameWidth,
          )}`,
        ]
      : []),
  ];
}

function tookWords(average: HistoryAggregations['avg_duration'], quantiles: HistoryAggregations['duration_ms']): string {
  if (average === null || average === undefined) return '-';
  const mean = `${duration(average)} on average`;
  if (!quantiles) return mean;
  return `${mean}; half at most ${duration(quantiles.p50)}, 95 % at most ${duration(quantiles.p95)}, the longest ${duration(quantiles.max)}`;
}

function partsOf({ completed, failed, cancelled, unfinished }: HistoryAggregations['counted']): string {
  const parts = { completed, failed, cancelled, unfinished };
  const told = Object.entries(parts).filter(([, value]) => value > 0);
  return told.length === 0 ? 'none' : told.map(([name, value]) => `${count(value)} ${name}`).join(', ');
}
