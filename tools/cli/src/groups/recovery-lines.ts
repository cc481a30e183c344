import type { GroupRecovery, GroupRecoveryPage, GroupRecoveryPlan, RecoveryItemPage } from '@kintsugi/contracts';
import type { LiveFrame } from '../terminal/live-view.js';
import { moreLine, moreLines } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { progressBar } from '../terminal/progress-bar.js';
import { ago, count, duration, plural } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, joinParts, wrap } from '../terminal/text-width.js';

type Screen = Pick<Output, 'paint' | 'columns' | 'rowColumns'>;

/** What the recovery of a group would come to. */
export function recoveryPlanLines(plan: GroupRecoveryPlan, { paint, columns }: Omit<Screen, 'rowColumns'>): string[] {
  const { records, checked, refused_count, refused, estimated_seconds, warnings } = plan;
  const looked = checked < records ? ` of the ${count(checked)} looked at` : '';
  return [
    `${plural(records, 'record')} that ${records === 1 ? 'has' : 'have'} not recovered, ordered within ${duration(estimated_seconds * 1_000)}`,
    ...(refused_count > 0 ? [paint.yellow(`${count(refused_count)}${looked} would be left as they are:`)] : []),
    ...refused.flatMap(({ error_record_id, reason }) => indented(`${error_record_id}: ${harmless(reason)}`, columns)),
    ...(refused_count > refused.length ? [`  and ${count(refused_count - refused.length)} more`] : []),
    ...warnings.flatMap((warning) => wrap(warning, columns).map(paint.yellow)),
    paint.dim('Nothing was run. Leave --dry-run out to run it.'),
  ];
}

/** The recovery of a group whole. */
export function recoveryLines(recovery: GroupRecovery, { paint, columns }: Omit<Screen, 'rowColumns'>): string[] {
  const { id, state, reason, canary, rate_per_second, requested_by, requested_at, records } = recovery;
  const first = canary.size > 0 ? `${plural(canary.size, 'record')} first, ${canary.min_success} of them to recover; ` : '';
  return [
    `${id}  ${stateWord(recovery, paint)}`,
    ...indented(`${aboutOf(recovery)}, asked for by ${harmless(requested_by)} ${ago(requested_at, Date.now())}`, columns),
    ...indented(`${first}${rate_per_second} a second at most`, columns),
    ...joinParts([...partsOf(recovery, paint), `of ${plural(records, 'record')}`], columns - 2).map((line) => `  ${line}`),
    ...waitLines(recovery, paint, columns),
    ...(reason === null ? [] : indented(harmless(reason), columns).map(state === 'stopped' ? paint.red : paint.dim)),
    ...(recovery.counts.failed + recovery.counts.refused > 0 ? ['', `./kintsugi recover items ${id}`] : []),
  ];
}

function waitLines({ id, state, waits_for, waits_until }: GroupRecovery, paint: Screen['paint'], columns: number): string[] {
  if (state !== 'waiting') return [];
  const needsApproval = waits_for.some(({ condition, holds }) => condition.kind === 'approval' && !holds);
  return [
    ...waits_for.flatMap(({ condition: { kind }, holds, about }) =>
      indented(`${holds ? 'holds' : 'waits'}  ${kind}: ${harmless(about)}`, columns).map(holds ? paint.green : paint.yellow),
    ),
    ...indented(`It waits until ${waits_until ?? ''} at most.`, columns).map(paint.dim),
    ...(needsApproval ? ['', `Somebody else approves it: ./kintsugi recover approve ${id}`] : []),
  ];
}

/** Recoveries of groups, the newest first. */
export function recoveryListLines({ items, next_cursor }: GroupRecoveryPage, { paint, columns }: Screen): string[] {
  if (items.length === 0) return ['No group was recovered so.'];
  const lines = items.flatMap((recovery, at) => [
    ...(at > 0 ? [''] : []),
    `${recovery.id}  ${stateWord(recovery, paint)}`,
    ...joinParts([...partsOf(recovery, paint), ago(recovery.requested_at, Date.now())], columns - 2).map((line) => `  ${line}`),
    ...indented(aboutOf(recovery), columns).map(paint.dim),
  ]);
  return next_cursor === null ? lines : [...lines, '', paint.dim(moreLine)];
}

/** What the recovery of a group has done about each record. */
export function recoveryItemLines({ items, next_cursor }: RecoveryItemPage, { paint, rowColumns }: Screen): string[] {
  if (items.length === 0) return ['No records.'];
  const lines = table(
    [{ title: 'RECORD' }, { title: 'STATE' }, { title: 'STAGE' }, { title: 'REASON' }],
    items.map(({ error_record_id, state, stage, reason }) => [error_record_id, state, stage, harmless(reason ?? '-')]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(next_cursor, paint)];
}

/** How far a recovery is, drawn again and again. */
export function recoveryFrame(recovery: GroupRecovery, { paint, columns }: Omit<Screen, 'rowColumns'>): LiveFrame {
  const { state, records, counts, canary } = recovery;
  const of = Math.max(1, state === 'canary' ? Math.min(canary.size, records) : records);
  const bar = progressBar(
    [
      { share: counts.recovered / of, paint: paint.green },
      { share: counts.failed / of, paint: paint.red },
      { share: counts.refused / of, paint: paint.yellow },
      { share: counts.ordered / of, paint: paint.cyan },
    ],
    columns,
    paint.dim,
  );
  const words = [stateWord(recovery, paint), ...partsOf(recovery, paint), `of ${count(of)}`];
  const plain = `${state}: ${count(counts.recovered)} recovered, ${count(counts.failed)} failed, ${count(counts.ordered)} under way, of ${count(of)}`;
  return { lines: [bar, ...joinParts(words, columns)], summary: plain };
}

function partsOf({ counts }: GroupRecovery, paint: Screen['paint']): string[] {
  return [
    paint.green(`${count(counts.recovered)} recovered`),
    ...(counts.failed > 0 ? [paint.red(`${count(counts.failed)} failed again`)] : []),
    ...(counts.ordered + counts.chosen > 0 ? [paint.yellow(`${count(counts.ordered + counts.chosen)} under way`)] : []),
    ...(counts.refused > 0 ? [`${count(counts.refused)} left as they are`] : []),
  ];
}

function stateWord({ state }: GroupRecovery, paint: Screen['paint']): string {
  if (state === 'completed') return paint.green(state);
  return state === 'stopped' || state === 'cancelled' ? paint.red(state) : paint.yellow(state);
}

function aboutOf({ group_id, filter }: GroupRecovery): string {
  const given = Object.entries(filter).map(([field, value]) => `${field} ${harmless(value)}`);
  return [...(group_id === null ? [] : [group_id]), ...given].join(', ');
}

function indented(text: string, columns: number): string[] {
  return wrap(text, columns - 2).map((line) => `  ${line}`);
}
