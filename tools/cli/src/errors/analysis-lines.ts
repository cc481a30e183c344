import type { FailureAnalysis } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { count, duration, percent, plural } from '../terminal/quantities.js';
import { sparkline } from '../terminal/sparkline.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

type Screen = Pick<Output, 'paint' | 'columns' | 'rowColumns'>;

const nameWidth = 12;
const rowsMax = 10;

/** What failed in a period, for a person: how much, what of it, whether retries helped, and how long it took to heal. */
export function analysisLines(analysis: FailureAnalysis, screen: Screen): string[] {
  const { totals, period, failure_rate: rate, time_to_recover: times, trend } = analysis;
  const { paint, columns } = screen;
  const title = `${paint.bold('Failures')} from ${period.start} to ${period.end}`;
  if (totals.tasks === 0) return [title, '', '  Nothing failed.'];
  const { recovered, in_progress: open, pending, failed } = totals.by_status as Record<string, number>;
  const line = (name: string, text: string): string[] =>
    wrap(text, columns - nameWidth).map((part, index) => `${paint.dim((index === 0 ? name : '').padEnd(nameWidth))}${part}`);
  return [
    title,
    '',
    ...line('Tasks', `${count(totals.tasks)} of ${plural(totals.jobs, 'job')} failed, in ${plural(totals.failed_runs, 'run')}`),
    ...line(
      'So far',
      `${count(recovered ?? 0)} recovered, ${count(open ?? 0)} under way, ${count(pending ?? 0)} waiting for a person, ${count(failed ?? 0)} given up or cancelled`,
    ),
    ...line('Of all runs', rate ? `${share(rate)} of ${count(rate.runs)} failed` : '-'),
    ...line('To recover', timeWords(times)),
    ...(trend
      ? [
          `${paint.dim('Over time'.padEnd(nameWidth))}${sparkline(
            trend.buckets.map((bucket) => bucket.failed_runs),
            columns - nameWidth,
          )}`,
        ]
      : []),
    ...kindTable(
      'ERROR TYPE',
      analysis.by_error_type.map(({ error_type: name, ...kind }) => ({ name, ...kind })),
      screen,
    ),
    ...kindTable(
      'JOB TYPE',
      analysis.by_job_type.map(({ job_type: name, ...kind }) => ({ name, ...kind })),
      screen,
    ),
    ...retryTable(analysis.retry_success.by_delay, screen),
    ...groupTable(analysis.top_groups, screen),
  ];
}

interface Share {
  rate: number | null;
  interval: [number, number] | null;
}

function share({ rate, interval }: Share): string {
  if (rate === null) return '-';
  return interval ? `${percent(rate)} (${percent(interval[0])} to ${percent(interval[1])})` : percent(rate);
}

function timeWords({ recovered, open, median_s: median, p95_s: p95 }: FailureAnalysis['time_to_recover']): string {
  const by = (name: string, seconds: number | null): string =>
    `${name} ${seconds === null ? 'not yet' : `within ${duration(seconds * 1_000)}`}`;
  return `${by('half', median)}, ${by('95 %', p95)}; ${count(recovered)} recovered, ${count(open)} have not`;
}

type Kind = Omit<FailureAnalysis['by_error_type'][number], 'error_type'> & { name: string };

function kindTable(title: string, kinds: Kind[], screen: Screen): string[] {
  const rows = kinds
    .slice(0, rowsMax)
    .map(({ name, tasks, failed_runs: runs, recovery }) => [harmless(name), count(tasks), count(runs), share(recovery)]);
  return titled(
    [{ title, shrinks: true }, right('TASKS'), right('RUNS'), right('RECOVERED (95 %)')],
    rows,
    kinds.length - rowsMax,
    screen,
  );
}

function retryTable(delays: FailureAnalysis['retry_success']['by_delay'], screen: Screen): string[] {
  const rows = delays.map(({ from_s: from, to_s: to, tried, ...rate }) => [
    to === null
      ? `${duration(from * 1_000)} or more`
      : `${from === 0 ? '0 s' : duration(from * 1_000)} to ${duration(to * 1_000)}`,
    count(tried),
    share(rate),
  ]);
  return rows.length === 0 ? [] : titled([{ title: 'RETRY AFTER' }, right('TRIED'), right('HELPED (95 %)')], rows, 0, screen);
}

function groupTable(groups: FailureAnalysis['top_groups'], screen: Screen): string[] {
  const rows = groups.map(({ title, error_type: type, tasks, jobs }) => [
    harmless(`${type}: ${title}`),
    count(tasks),
    count(jobs),
  ]);
  return titled([{ title: 'LARGEST GROUPS', shrinks: true }, right('TASKS'), right('JOBS')], rows, 0, screen);
}

function titled(columns: Parameters<typeof table>[0], rows: string[][], left: number, { paint, rowColumns }: Screen): string[] {
  const more = left > 0 ? [paint.dim(`and ${count(left)} more`)] : [];
  return ['', ...table(columns, rows, { columns: rowColumns, paintTitle: paint.dim }), ...more];
}

function right(title: string): { title: string; align: 'right' } {
  return { title, align: 'right' };
}
