import type { ErrorGroup, ErrorPage, ErrorRecord, FailedRun, RecoveryStatus } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { ago, count, duration } from '../terminal/quantities.js';
import { moreLine } from '../terminal/more-line.js';
import { table } from '../terminal/table.js';
import { fit, harmless, joinParts, wrap } from '../terminal/text-width.js';
import { waitingAdvice, waitingWords } from './waiting-advice.js';

type Screen = Pick<Output, 'paint' | 'columns' | 'rowColumns'>;

/** Error groups: how many failed, what was healed, and what they have in common. */
export function groupLines(groups: ErrorGroup[], { paint, columns, rowColumns }: Screen): string[] {
  if (groups.length === 0) return ['Nothing has failed.'];
  const now = Date.now();
  const lines = groups.flatMap((group, index) => {
    const { pending, in_progress, recovered, failed } = group.by_status;
    const cancelled = pending + failed - group.waiting;
    const states = [
      `${count(group.count)} in all`,
      paint.green(`${count(recovered)} recovered`),
      ...(in_progress > 0 ? [paint.yellow(`${count(in_progress)} under way`)] : []),
      ...(group.waiting > 0 ? [paint.red(waitingWords(group))] : []),
      ...(cancelled > 0 ? [`${count(cancelled)} cancelled`] : []),
    ];
    return [
      ...(index > 0 ? [''] : []),
      `${paint.bold(fit(`${harmless(group.error_type)}: ${harmless(group.title)}`, rowColumns))}`,
      ...joinParts([...states, `last ${ago(group.last_seen, now)}`], columns - 2).map((line) => `  ${line}`),
      `  ${paint.dim(group.id)}`,
    ];
  });
  const advice = waitingAdvice(groups, columns);
  return advice.length > 0 ? [...lines, '', ...advice] : lines;
}

/** What is pending waits for a person, and not for the platform. */
const statusWords: Record<RecoveryStatus, string> = {
  pending: 'waiting',
  in_progress: 'in progress',
  recovered: 'recovered',
  failed: 'failed',
};

const pendingAdvice =
  'It waits for you: ./kintsugi recover ID runs it again; where its outcome is unknown, only with --force, once you have found out whether it took effect.';

const failedAdvice =
  'It is not tried again by itself: ./kintsugi recover ID runs it again, with --param KEY=VALUE if its parameters were wrong.';

/** Error records, a line each. */
export function recordListLines({ items, next_cursor }: ErrorPage, { paint, rowColumns }: Screen): string[] {
  if (items.length === 0) return ['No such errors.'];
  const now = Date.now();
  const lines = table(
    [{ title: 'RECORD' }, { title: 'STATUS' }, { title: 'RETRIES', align: 'right' }, { title: 'WHEN', align: 'right' }],
    items.map((record) => [
      record.id,
      statusWords[record.recovery_status],
      count(record.retry_count),
      ago(record.timestamp, now),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, paint.dim(next_cursor === null ? './kintsugi error RECORD shows one whole.' : moreLine)];
}

function failedRunWords(run: FailedRun): string {
  const { attempt, failed_at, error_type, retry_delay_ms: delayMs, uncounted, took_ms: tookMs } = run;
  return [
    `${attempt}. ${failed_at} ${error_type}${tookMs === undefined ? '' : ` after ${duration(tookMs)}`}`,
    ...(run.host === undefined ? [] : [`on ${run.host}`]),
    ...(run.version === undefined ? [] : [`version ${run.version}`]),
    ...(run.dependency === undefined ? [] : [`dependency ${run.dependency}`]),
    ...(delayMs === null ? [] : [`a retry in ${duration(delayMs)}`]),
    ...(uncounted ? ['not counted'] : []),
  ].join(', ');
}

function attemptWords(attempt: ErrorRecord['recovery_attempts'][number]): string {
  const { timestamp, method, result, requested_by: by, custom_params: params, from_step: step } = attempt;
  return [
    `${timestamp} ${method}: ${result}`,
    ...(by === undefined ? [] : [`asked for by ${by}`]),
    ...(step === undefined ? [] : [`from the step ${step}`]),
    ...(params === undefined ? [] : [`with ${JSON.stringify(params)}`]),
  ].join(', ');
}

/** One error record with every step of the decision about it. */
export function recordLines(record: ErrorRecord, { paint, columns }: Omit<Screen, 'rowColumns'>): string[] {
  const field = (name: string, text: string): string[] =>
    wrap(harmless(text), columns - 12).map((line, index) => `  ${(index === 0 ? name : '').padEnd(10)}${line}`);
  return [
    `${record.id}  ${paint.bold(statusWords[record.recovery_status])}`,
    ...field('Error', `${record.error_type}: ${record.error_message}`),
    ...(record.verified_by === 'check' ? field('Verified', "by its handler's check") : []),
    ...(record.job_id ? field('Job', record.job_id) : []),
    ...(record.task_id ? field('Task', record.task_id) : []),
    ...field('Group', record.group_id),
    ...field('When', `${record.timestamp}, ${ago(record.timestamp, Date.now())}`),
    ...field('Retries', count(record.retry_count) + (record.next_retry_at ? `, the next at ${record.next_retry_at}` : '')),
    ...(record.decision.length > 0 ? ['', 'How it was decided:', ...record.decision.flatMap((step) => item(step, columns))] : []),
    ...(record.failed_runs.length > 0
      ? ['', 'Runs that failed:', ...record.failed_runs.flatMap((run) => item(failedRunWords(run), columns))]
      : []),
    ...(record.recovery_attempts.length > 0
      ? ['', 'What was done:', ...record.recovery_attempts.flatMap((attempt) => item(attemptWords(attempt), columns))]
      : []),
    ...(record.stack_trace ? ['', ...stackLines(record.stack_trace, columns).map(paint.dim)] : []),
    ...adviceOn(record, columns),
  ];
}

/** What to do about a record that is left to a person; below the stack, where it is read last. */
function adviceOn({ recovery_status }: ErrorRecord, columns: number): string[] {
  const advice = { pending: pendingAdvice, failed: failedAdvice, in_progress: null, recovered: null }[recovery_status];
  return advice === null ? [] : ['', ...wrap(advice, columns)];
}

/** Calls stand below the error, as they do in a stack; what a line has no room for stands below it. */
function stackLines(stack: string, columns: number): string[] {
  return stack.split('\n').flatMap((line, index) => {
    const margin = index === 0 ? '' : '  ';
    return wrap(harmless(line).trim(), columns - 4).map((part, row) => `${margin}${row === 0 ? '' : '  '}${part}`);
  });
}

function item(text: string, columns: number): string[] {
  return wrap(harmless(text), columns - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`);
}
