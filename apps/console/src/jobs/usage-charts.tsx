import { SimpleGrid, Text } from '@mantine/core';
import type { BatchJob, JobMetricName, JobMetricsAnswer, MetricSeries } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { act } from '../api/request.js';
import { EmptyState } from '../display/empty-state.js';
import { Asked } from '../display/states-of-asking.js';
import { TimeChart } from '../display/time-chart.js';
import { useTexts } from '../texts/language.js';

const whileUnderWayMs = 10_000;
const metrics = ['cpu', 'memory', 'duration', 'throughput'] as const satisfies JobMetricName[];

/** What the runs of a job have used and how fast they went, over time. */
export function UsageCharts({ job }: { job: BatchJob }) {
  const usage = useQuery({
    queryKey: ['job', job.id, 'usage'],
    queryFn: ({ signal }) => act('/job-operations', 'getJobMetrics', { job_ids: [job.id] }, signal),
    refetchInterval: job.finished_at ? false : whileUnderWayMs,
  });
  return (
    <Asked query={usage}>
      {(answer) => {
        const sampled = metrics.filter((name) => answer.jobs[0]?.[name]?.values.some((value) => value !== null));
        if (sampled.length === 0) return <EmptyState of="usage" />;
        return (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {sampled.map((name) => (
              <Chart key={name} name={name} answer={answer} series={answer.jobs[0]?.[name] as MetricSeries} />
            ))}
          </SimpleGrid>
        );
      }}
    </Asked>
  );
}

function Chart({ name, answer, series }: { name: JobMetricName; answer: JobMetricsAnswer; series: MetricSeries }) {
  const say = useTexts();
  const { start_time, interval_ms } = answer;
  const times = useMemo(
    () => series.values.map((_value, index) => (Date.parse(start_time) + index * interval_ms) / 1_000),
    [series.values, start_time, interval_ms],
  );
  const shown = (value: number | null): string =>
    value === null ? '–' : `${value.toLocaleString(undefined, { maximumSignificantDigits: 3 })} ${series.unit}`;
  const label = say('usage.label', { name: say(`usage.${name}`), mean: shown(series.mean), max: shown(series.max) });
  return (
    <figure className="usage">
      <figcaption>
        <Text size="sm" fw={600} component="span">
          {say(`usage.${name}`)}
        </Text>{' '}
        <Text size="xs" c="dimmed" component="span">
          {say('usage.figures', { mean: shown(series.mean), max: shown(series.max) })}
          {series.basis === 'shared' || series.basis === 'mixed' ? ` · ${say(`usage.${series.basis}`)}` : ''}
        </Text>
      </figcaption>
      {times.length > 1 && <TimeChart times={times} values={series.values} unit={series.unit} label={label} />}
    </figure>
  );
}
