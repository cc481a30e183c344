import {
  alertSignals,
  type AlertConditionTest,
  type AlertConditionView,
  type AlertSignal,
  type AlertSilenceView,
  type AlertView,
} from '@kintsugi/contracts';
import { moreLines } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { ago } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

type Rows = Pick<Output, 'paint' | 'rowColumns'>;

const labelWidth = 14;

/** Alerts and incidents for a person, one in a row. */
export function alertsTable(items: readonly AlertView[], nextCursor: string | null, { paint, rowColumns }: Rows): string[] {
  if (items.length === 0) return ['Nothing fires. ./kintsugi alerts conditions shows what is looked at.'];
  const lines = table(
    [
      { title: 'STATE' },
      { title: 'SEVERITY' },
      { title: 'NAME', shrinks: true, columnsMin: 8 },
      { title: 'OF', shrinks: true, columnsMin: 4 },
      { title: 'SINCE' },
      { title: 'WHAT', shrinks: true, columnsMin: 12 },
    ],
    items.map((alert) => [
      alert.hushed_by === null ? alert.state : `${alert.state} (quiet)`,
      harmless(alert.severity),
      harmless(alert.name),
      harmless(alert.subject),
      ago(alert.since, Date.now()),
      harmless(alert.summary),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(nextCursor, paint)];
}

/** Conditions for a person, one in a row. */
export function conditionsTable(
  items: readonly AlertConditionView[],
  nextCursor: string | null,
  { paint, rowColumns }: Rows,
): string[] {
  if (items.length === 0) return ['No conditions. ./kintsugi alerts --help shows how to make one.'];
  const lines = table(
    [
      { title: 'NAME', shrinks: true, columnsMin: 8 },
      { title: 'HOLDS WHEN', shrinks: true, columnsMin: 16 },
      { title: 'FOR' },
      { title: 'SEVERITY' },
      { title: 'ENABLED' },
    ],
    items.map((condition) => [
      harmless(condition.name),
      ruleOf(condition),
      `${condition.for_s} s`,
      condition.severity,
      condition.enabled ? 'yes' : 'no',
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(nextCursor, paint)];
}

/** One condition for a person. */
export function conditionLines(condition: AlertConditionView, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const field = (name: string, text: string): string[] =>
    wrap(text, columns - labelWidth - 2).map((line, at) => `  ${paint.dim((at === 0 ? name : '').padEnd(labelWidth))}${line}`);
  const { signal, clear_at: clearAt, for_s: forS, clear_for_s: clearForS, window_s: windowS } = condition;
  const { windowed, asks, about }: AlertSignal = alertSignals[signal];
  const atLeast = asks.includes('at_least') ? `, from ${condition.at_least} jobs on` : '';
  return [
    `${harmless(condition.name)}  ${condition.enabled ? paint.green('enabled') : paint.yellow('disabled')}`,
    ...field('Holds when', ruleOf(condition)),
    ...field('About', about),
    ...field('Fires after', `${forS} s`),
    ...field('Over at', `${clearAt}, for ${clearForS} s`),
    ...(windowed ? field('Counted over', `${windowS} s${atLeast}`) : []),
    ...(asks.includes('objective') ? field('Objective', String(condition.objective)) : []),
    ...field('Severity', condition.severity),
    ...(condition.summary === '' ? [] : field('Says', harmless(condition.summary))),
    ...(condition.runbook_url === null ? [] : field('Runbook', harmless(condition.runbook_url))),
    ...field('Tells', condition.notify.length === 0 ? 'all webhooks that hear of alerts' : condition.notify.join(', ')),
    ...(condition.inhibited_by.length === 0 ? [] : field('Symptom of', condition.inhibited_by.join(', '))),
  ];
}

/** What a test of a condition has found. */
export function testLines({ known, values, told }: AlertConditionTest, { paint, rowColumns }: Rows): string[] {
  if (!known) return ['The figures cannot be had now: nothing is decided while they cannot.'];
  if (values.length === 0) return ['There are no figures: nothing to hold for.'];
  const rows = values.map(({ subject, value, holds }) => [
    harmless(subject),
    String(Number(value.toPrecision(6))),
    holds ? 'yes' : 'no',
  ]);
  const titles = [{ title: 'OF', shrinks: true, columnsMin: 4 }, { title: 'NOW', align: 'right' as const }, { title: 'HOLDS' }];
  return [
    ...table(titles, rows, { columns: rowColumns, paintTitle: paint.dim }),
    told.length === 0 ? 'No webhook would be told.' : `Told would be: ${told.map(harmless).join(', ')}`,
  ];
}

/** Silences for a person, one in a row. */
export function silencesTable(
  items: readonly AlertSilenceView[],
  nextCursor: string | null,
  { paint, rowColumns }: Rows,
): string[] {
  if (items.length === 0) return ['No silences.'];
  const lines = table(
    [
      { title: 'ID' },
      { title: 'CONDITION', shrinks: true, columnsMin: 6 },
      { title: 'OF', shrinks: true, columnsMin: 4 },
      { title: 'UNTIL' },
      { title: 'WHY', shrinks: true, columnsMin: 6 },
    ],
    items.map(({ id, condition, subject, until, reason }) => [
      ...[id, harmless(condition ?? 'all'), harmless(subject ?? ''), until, harmless(reason)],
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(nextCursor, paint)];
}

function ruleOf({ signal, fires, threshold, type }: AlertConditionView): string {
  return `${signal}${type === null ? '' : ` of ${harmless(type)}`} ${fires} ${threshold} ${alertSignals[signal].unit}`;
}
