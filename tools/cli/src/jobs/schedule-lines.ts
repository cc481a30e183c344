import type { ScheduleView } from '@kintsugi/contracts';
import { moreLines } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { count, duration } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

const labelWidth = 12;

/** Schedules for a person, one in a row. */
export function schedulesTable(
  items: readonly ScheduleView[],
  nextCursor: string | null,
  { paint, rowColumns }: Pick<Output, 'paint' | 'rowColumns'>,
): string[] {
  if (items.length === 0) return ['No schedules. ./kintsugi schedules --help shows how to make one.'];
  const lines = table(
    [
      { title: 'NAME', shrinks: true, columnsMin: 8 },
      { title: 'TICKS' },
      { title: 'NEXT' },
      { title: 'RUNS', align: 'right' },
      { title: 'SKIPPED', align: 'right' },
      { title: 'MISSED', align: 'right' },
    ],
    items.map((schedule) => [
      harmless(schedule.name),
      harmless(ruleOf(schedule)),
      schedule.paused ? 'paused' : (schedule.next_at ?? 'never').replace('.000Z', 'Z'),
      ...[schedule.runs, schedule.skipped, schedule.missed].map(count),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(nextCursor, paint)];
}

/** One schedule for a person, with its next ticks. */
export function scheduleLines(schedule: ScheduleView, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const field = (name: string, text: string): string[] =>
    wrap(text, columns - labelWidth - 2).map((line, at) => `  ${paint.dim((at === 0 ? name : '').padEnd(labelWidth))}${line}`);
  const {
    name,
    paused,
    catch_up,
    overlap,
    jitter_s,
    job,
    runs,
    skipped,
    missed,
    last_tick,
    last_job_id,
    next_times = [],
  } = schedule;
  const kept = `${count(runs)} run, ${count(skipped)} skipped, ${count(missed)} missed`;
  const jitter = jitter_s === 0 ? '' : `, up to ${duration(jitter_s * 1_000)} later`;
  return [
    `${harmless(name)}  ${paused ? paint.yellow('paused') : paint.green('ticking')}`,
    ...field(
      'Ticks',
      `${harmless(ruleOf(schedule))}${schedule.cron === null ? '' : `, ${harmless(schedule.time_zone)}`}${jitter}`,
    ),
    ...field('Makes', `a job of type ${harmless(job.type ?? 'the default')} for product ${harmless(job.product_id)}`),
    ...field('Rules', `catch up ${catch_up}, overlap ${overlap}`),
    ...field('So far', last_tick === null ? kept : `${kept}; the last tick was ${last_tick}`),
    ...(last_job_id === null ? [] : field('Last job', last_job_id)),
    ...next_times.flatMap((time, at) => field(at === 0 ? 'Next' : '', time.replace('.000Z', 'Z'))),
  ];
}

function ruleOf({ cron, every_s }: Pick<ScheduleView, 'cron' | 'every_s'>): string {
  return cron ?? `every ${duration((every_s ?? 0) * 1_000)}`;
}
