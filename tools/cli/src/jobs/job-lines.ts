import type { ErrorGroup, JobInfo } from '@kintsugi/contracts';
import { waitingAdvice } from '../errors/waiting-advice.js';
import type { Output } from '../terminal/output.js';
import { ago, count, duration, percent, plural } from '../terminal/quantities.js';
import { fit, harmless, joinParts, wrap } from '../terminal/text-width.js';
import { paintStatus } from './job-status-paint.js';
import { stateWords } from './progress-frame.js';
import { waitingAdviceOf } from './waiting-words.js';

/** Jobs that are named of those that go before one, or that it has made. */
const namedMax = 5;

/** A job for a person: what it is, how far it is, how it went, what failed. */
export function jobLines(job: JobInfo, groups: ErrorGroup[], output: Pick<Output, 'paint' | 'columns'>): string[] {
  const { paint, columns } = output;
  const field = (name: string, parts: string[]): string[] =>
    joinParts(parts, columns - 14).map((line, index) => `  ${(index === 0 ? name : '').padEnd(12)}${line}`);
  return [
    `${job.id}  ${paint.bold(paintStatus(job.status, paint)(job.status))}`,
    ...ageLines(job, output),
    ...field(
      'What',
      [harmless(job.type), `product ${harmless(job.product_id)}`, `group ${harmless(job.sending_group_id)}`].map((part) =>
        fit(part, columns - 14),
      ),
    ),
    ...field(
      'Labels',
      Object.entries(job.labels).map(([key, value]) => fit(`${harmless(key)}=${harmless(value)}`, columns - 14)),
    ),
    ...field('Tasks', [
      job.total_tasks === null ? 'being planned' : plural(job.total_tasks, 'task'),
      ...stateWords(job.task_counts, paint),
    ]),
    ...field('After', dependencyWords(job)),
    ...field('Made by', job.parent_job_id === undefined ? [] : [job.parent_job_id]),
    ...field('Has made', childWords(job)),
    ...waitLines(job, output),
    ...field('When', timesOf(job)),
    ...field('How', statsOf(job)),
    ...field('Trace', job.trace_id === undefined ? [] : [harmless(job.trace_url ?? job.trace_id)]),
    ...groupLines(groups, output),
  ];
}

/** The jobs that go before it, those first that it still waits for. */
function dependencyWords({ depends_on: all = [], waits_for: open = [] }: JobInfo): string[] {
  const ended = all.map(({ job_id }) => job_id).filter((id) => !open.includes(id));
  const shown = [...open.map((id) => `${id} (awaited)`), ...ended.map((id) => `${id} (ended)`)].slice(0, namedMax);
  return all.length > shown.length ? [...shown, `and ${all.length - shown.length} more`] : shown;
}

/** The jobs that its handlers have made, the newest first. */
function childWords({ child_jobs: children }: JobInfo): string[] {
  if (!children) return [];
  const shown = children.newest.slice(0, namedMax);
  return children.count > shown.length ? [...shown, `and ${children.count - shown.length} more`] : shown;
}

/** An answer that may be out of date says so. */
function ageLines({ source, as_of }: JobInfo, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  if (source === 'live') return [];
  const words = `As of ${as_of}, ${ago(as_of, Date.now())}: job-service does not answer, or has forgotten the job. ./kintsugi status shows which services run.`;
  return wrap(words, columns - 2).map((line) => `  ${paint.yellow(line)}`);
}

/** What keeps the job from going on. */
function waitLines(job: JobInfo, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const words = waitingAdviceOf(job);
  if (!words) return [];
  return wrap(words, columns - 14).map((line, index) => `  ${(index === 0 ? 'Waits' : '').padEnd(12)}${paint.yellow(line)}`);
}

function timesOf({ created_at, started_at, finished_at }: JobInfo): string[] {
  const end = finished_at ?? null;
  return [
    `created ${ago(created_at, Date.now())}`,
    ...(started_at ? [`started after ${duration(Date.parse(started_at) - Date.parse(created_at))}`] : []),
    ...(end ? [`took ${duration(Date.parse(end) - Date.parse(created_at))}`] : []),
  ];
}

function statsOf({ metrics }: JobInfo): string[] {
  if (!metrics) return [];
  const both = (p50: number | null, p99: number | null): string | null =>
    p50 === null || p99 === null ? null : `p50 ${duration(p50)}, p99 ${duration(p99)}`;
  const task = both(metrics.task_ms_p50, metrics.task_ms_p99);
  const whole = both(metrics.submit_to_done_ms_p50, metrics.submit_to_done_ms_p99);
  return [
    ...(metrics.throughput_per_s === null ? [] : [`${count(metrics.throughput_per_s)} tasks/s`]),
    ...(metrics.first_try_share === null ? [] : [`${percent(metrics.first_try_share)} at the first try`]),
    ...(metrics.retries ? [`${count(metrics.retries)} retried`, `${count(metrics.recovered ?? 0)} recovered`] : []),
    ...(task ? [`a task ${task}`] : []),
    ...(whole ? [`submit to done ${whole}`] : []),
  ];
}

/** What still waits for a person. */
function groupLines(groups: ErrorGroup[], { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const waiting = groups.filter((group) => group.waiting > 0);
  if (waiting.length === 0) return [];
  return [
    '',
    'Waiting for you:',
    ...waiting.flatMap(({ id, title, error_type, waiting: size }) => {
      const number = count(size);
      const words = fit(`${harmless(error_type)}: ${harmless(title)}`, columns - number.length - 4);
      return [`  ${paint.red(number)}  ${words}`, `  ${' '.repeat(number.length)}  ${paint.dim(id)}`];
    }),
    ...waitingAdvice(waiting, columns),
  ];
}
