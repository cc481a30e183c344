import { jobMetricNames, type JobMetricsAnswer, type MetricSeries } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { count, duration } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { joinParts } from '../terminal/text-width.js';

const bars = '▁▂▃▄▅▆▇█';
const chartColumns = 30;

const words = {
  measured: '',
  shared: 'a share of workers that run others too',
  mixed: 'partly a share of workers that run others too',
  none: 'nothing was sampled',
} as const;

/** What jobs used, a chart for each of them and each metric. */
export function metricLines(answer: JobMetricsAnswer, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const { start_time: start, end_time: end, interval, is_widened: isWidened } = answer;
  const head = [`${start.slice(0, 19)}Z to ${end.slice(0, 19)}Z`, `by ${interval}${isWidened ? ' (no finer)' : ''}`];
  return [
    ...joinParts(head, columns),
    ...answer.jobs.flatMap((job) => {
      const known = jobMetricNames.flatMap((name) => (job[name] ? [{ name, series: job[name] }] : []));
      const notes = new Set(known.map(({ series }) => words[series.basis]).filter(Boolean));
      return [
        '',
        ...joinParts([paint.bold(job.job_id), job.status], columns),
        ...table(
          [{ title: '' }, { title: 'MEAN', align: 'right' }, { title: 'MOST', align: 'right' }, { title: '' }],
          known.map(({ name, series }) => [
            name,
            valueText(series.mean, series.unit),
            valueText(series.max, series.unit),
            chartOf(series.values),
          ]),
          { columns, indent: 2, paintTitle: paint.dim },
        ),
        ...[...notes].map((note) => paint.dim(`  ${note}`)),
      ];
    }),
  ];
}

/** Values as bars, gaps as dots; neighbours share a bar, at the height of the largest, where there are more than columns. */
export function chartOf(values: MetricSeries['values']): string {
  const perBar = Math.max(1, Math.ceil(values.length / chartColumns));
  const groups = Array.from({ length: Math.ceil(values.length / perBar) }, (_, index) =>
    values.slice(index * perBar, (index + 1) * perBar).filter((value) => value !== null),
  );
  const top = Math.max(...groups.flat(), 0);
  return groups
    .map((group) => {
      if (group.length === 0) return '·';
      const share = top === 0 ? 0 : Math.max(...group) / top;
      return bars[Math.min(bars.length - 1, Math.max(0, Math.ceil(share * bars.length) - 1))];
    })
    .join('');
}

function valueText(value: number | null, unit: MetricSeries['unit']): string {
  if (value === null) return '-';
  if (unit === 'ms') return duration(value);
  return `${value < 10 ? value.toFixed(2) : count(value)} ${unit}`;
}
