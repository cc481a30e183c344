import type { Fleet } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { progressBar } from '../terminal/progress-bar.js';
import { count, duration, plural } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { fit, harmless, joinParts } from '../terminal/text-width.js';

/** Rows that a terminal of 24 lines has room for. */
const queuesShown = 8;
const groupsShown = 4;
/** A task that could run and has waited for longer is worth a colour. */
const lateSeconds = 60;

/** How the platform goes on, in lines of at most 80 columns. */
export function fleetLines(fleet: Fleet, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const { workers, queues, groups_rising: groups } = fleet;
  const share = workers.slots === 0 ? 0 : workers.used_slots / workers.slots;
  const slots = `${count(workers.used_slots)} of ${plural(workers.slots, 'slot')}`;
  const who = `${plural(workers.up, 'worker')}${workers.draining > 0 ? `, ${count(workers.draining)} draining` : ''}`;
  return [
    ...joinParts([paint.bold('Kintsugi'), fleet.as_of.slice(11, 19), `over ${duration(fleet.span_s * 1_000)}`], columns),
    ...rateLines(fleet, columns),
    ...joinParts([workers.up === 0 ? paint.yellow('no worker') : who, slots], columns - 22).map((line, index) =>
      index === 0 ? `${progressBar([{ share, paint: paint.cyan }], 20, paint.dim)}  ${line}` : line,
    ),
    '',
    ...table(
      [
        { title: 'QUEUE', shrinks: true },
        { title: 'READY', align: 'right' },
        { title: 'ACTIVE', align: 'right' },
        { title: 'RETRY', align: 'right' },
        { title: 'OLDEST', align: 'right', paint: (padded, text) => (text.endsWith('!') ? paint.yellow(padded) : padded) },
        { title: 'ENDED/S', align: 'right' },
        { title: 'FAILED/S', align: 'right', paint: (padded, text) => (text === '-' ? padded : paint.red(padded)) },
      ],
      queues
        .slice(0, queuesShown)
        .map((queue) => [
          harmless(queue.type),
          some(queue.ready),
          some(queue.active),
          some(queue.waiting_retry),
          ageOf(queue.oldest_ready_s),
          rate(queue.ended_per_s),
          rate(queue.failed_per_s),
        ]),
      { columns, paintTitle: paint.dim },
    ),
    ...(queues.length > queuesShown ? [paint.dim(`and ${count(queues.length - queuesShown)} more`)] : []),
    '',
    ...groupLines(groups, paint, columns),
  ];
}

/** The same in one line, for where nothing is drawn again. */
export function fleetSummary({ rates, workers, retries_in_flight: retries }: Fleet): string {
  return `${rate(rates.tasks_ended_per_s)} tasks/s, ${rate(rates.runs_failed_per_s)} failed/s, ${count(workers.used_slots)} of ${plural(workers.slots, 'slot')}, ${count(retries)} to be retried`;
}

function rateLines({ rates, retries_in_flight: retries }: Fleet, columns: number): string[] {
  const jobs = `jobs  ${rate(rates.jobs_accepted_per_s)}/s in  ${rate(rates.jobs_ended_per_s)}/s out  ${rate(rates.jobs_failed_per_s)}/s failed`;
  const tasks = `tasks  ${rate(rates.tasks_ended_per_s)}/s  ${rate(rates.runs_failed_per_s)}/s failed  ${count(retries)} to be retried`;
  return joinParts([jobs, tasks], columns).map((line) => fit(line, columns));
}

function groupLines(groups: Fleet['groups_rising'], paint: Output['paint'], columns: number): string[] {
  if (groups === null) return [paint.yellow('Groups of failures: recovery-service does not answer.')];
  if (groups.length === 0) return [paint.dim('No group of failures is rising.')];
  return table(
    [
      { title: 'RISING', shrinks: true, columnsMin: 12 },
      { title: 'HOUR', align: 'right', paint: paint.red },
      { title: 'USUAL', align: 'right' },
      { title: 'WHAT', shrinks: true, columnsMin: 12 },
    ],
    groups
      .slice(0, groupsShown)
      .map((group) => [harmless(group.error_type), count(group.last_hour), count(group.usual_hour), harmless(group.title)]),
    { columns, paintTitle: paint.dim },
  );
}

function some(value: number): string {
  return value === 0 ? '-' : count(value);
}

function rate(value: number): string {
  return value === 0 ? '-' : value < 10 ? value.toFixed(1) : count(value);
}

function ageOf(seconds: number): string {
  if (seconds === 0) return '-';
  return `${duration(seconds * 1_000)}${seconds >= lateSeconds ? '!' : ''}`;
}
