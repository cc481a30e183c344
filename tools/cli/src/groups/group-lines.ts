import type { FailureGroup, GroupDetails, GroupPage, SplitFrom } from '@kintsugi/contracts';
import { moreLine } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { ago, count, plural } from '../terminal/quantities.js';
import { sparkline } from '../terminal/sparkline.js';
import { fit, harmless, joinParts, wrap } from '../terminal/text-width.js';

type Screen = Pick<Output, 'paint' | 'columns' | 'rowColumns'>;

/** Groups of failures, the one that failed last first. */
export function groupListLines({ items, next_cursor }: GroupPage, { paint, columns, rowColumns }: Screen): string[] {
  if (items.length === 0) return ['No such groups.'];
  const now = Date.now();
  const lines = items.flatMap((group, at) => [
    ...(at > 0 ? [''] : []),
    paint.bold(fit(nameOf(group), rowColumns)),
    ...joinParts(
      [
        stateWords(group),
        `${count(group.count)} in all`,
        `last ${ago(group.last_seen, now)}`,
        ...(group.assignee === null ? [] : [harmless(group.assignee)]),
      ],
      columns - 2,
    ).map((line) => `  ${line}`),
    `  ${paint.dim(group.id)}  ${paint.dim(sparkline(group.per_hour, group.per_hour.length).trimEnd())}`.trimEnd(),
  ]);
  return [...lines, '', paint.dim(next_cursor === null ? './kintsugi groups show ID shows one whole.' : moreLine)];
}

/** A group of failures whole. */
export function groupDetailLines(group: GroupDetails, { paint, columns }: Omit<Screen, 'rowColumns'>): string[] {
  const field = (name: string, text: string | null): string[] =>
    text === null
      ? []
      : wrap(harmless(text), columns - 14).map((line, at) => `  ${paint.dim((at === 0 ? name : '').padEnd(12))}${line}`);
  const now = Date.now();
  const { records } = group;
  return [
    ...wrap(nameOf(group), columns).map(paint.bold),
    ...field('Group', group.id),
    ...field('State', `${stateWords(group)} since ${group.state_at}`),
    ...field('Assignee', group.assignee),
    ...field('Note', group.note),
    ...field('Failures', `${count(group.count)}, the first ${ago(group.first_seen, now)}, the last ${ago(group.last_seen, now)}`),
    ...field('By hour', `|${sparkline(group.per_hour, group.per_hour.length)}|`),
    ...field('Records', recordWords(records)),
    ...field('Frames', group.frames.length > 0 ? group.frames.join(' < ') : null),
    ...field('Job types', group.job_types.join(', ')),
    ...field('Versions', group.versions.length > 0 ? group.versions.join(', ') : null),
    ...field('Last jobs', group.recent_job_ids.join(' ')),
    ...field(
      'Came back',
      group.regressed_at === null ? null : `${plural(group.regressions, 'time')}, last at ${group.regressed_at}`,
    ),
    ...field('Merged in', group.merged_group_ids.length > 0 ? group.merged_group_ids.join(' ') : null),
    ...field('Split from', group.split_from === null ? null : splitWords(group.split_from)),
    ...field('Split off', group.split_group_ids.length > 0 ? group.split_group_ids.join(' ') : null),
    '',
    ...wrap(`./kintsugi errors --group ${group.id} lists its records.`, columns),
  ];
}

/** What has become of a group. */
export function groupMovedLines(group: FailureGroup, { columns }: Pick<Screen, 'columns'>): string[] {
  return wrap(`${group.id} is ${stateWords(group)}: ${nameOf(group)}`, columns);
}

function nameOf({ error_type, title }: FailureGroup): string {
  return `${harmless(error_type)}: ${harmless(title)}`;
}

function stateWords({ state, ignored_until, ignored_for_count, regressions }: FailureGroup): string {
  if (state !== 'ignored') return state === 'open' && regressions > 0 ? 'open again' : state;
  const bounds = [
    ...(ignored_until === null ? [] : [`until ${ignored_until}`]),
    ...(ignored_for_count === null ? [] : [`for ${plural(ignored_for_count, 'more failure')}`]),
  ];
  return ['ignored', bounds.join(' or ')].join(' ').trimEnd();
}

function splitWords({ group_id, by }: SplitFrom): string {
  if (by.kind === 'type') return `${group_id}, by error type: ${by.error_types.join(', ')}`;
  return `${group_id}, by value ${by.place} of its title: ${by.values.join(', ')}`;
}

function recordWords({ count: total, by_status, waiting, jobs, of_newest: newest }: GroupDetails['records']): string {
  const { recovered, in_progress } = by_status;
  const parts = [`${count(recovered)} recovered`, `${count(in_progress)} under way`, `${count(waiting)} waiting for you`];
  const all = newest === null ? count(total) : `${count(total)}; the newest ${count(newest)}`;
  return `${all} of ${plural(jobs, 'job')}: ${parts.join(', ')}`;
}
