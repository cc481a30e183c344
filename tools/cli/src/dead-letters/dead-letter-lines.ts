import type { AllDeadLettersPage, DeadLetterDetails, ReplayedDeadLetter, ServiceAway } from '@kintsugi/contracts';
import { moreLines } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { count, plural, toTheSecond } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

const labelWidth = 12;

/** What could not be taken, for a person, one in a row. */
export function deadLettersTable({ items, next_cursor: next, away }: AllDeadLettersPage, output: Output): string[] {
  const { paint, rowColumns } = output;
  if (items.length === 0) {
    return away.length === 0
      ? ['No dead letters: all that came was taken.']
      : ['No dead letters are known.', ...awayLines(away, output)];
  }
  const lines = table(
    [
      { title: 'SINCE' },
      { title: 'WHAT' },
      { title: 'READER', shrinks: true, columnsMin: 8 },
      { title: 'WHY', shrinks: true, columnsMin: 12 },
      { title: 'ID' },
    ],
    items.map(({ since, name, reader, reason, detail, id }) => [
      ...[toTheSecond(since), harmless(name), harmless(reader)],
      ...[harmless(detail === null ? reason : `${reason}: ${detail}`), harmless(id)],
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(next, paint), ...awayLines(away, output)];
}

/** One of them for a person. */
export function deadLetterLines(letter: DeadLetterDetails, { paint, columns }: Output): string[] {
  const field = (name: string, text: string): string[] =>
    wrap(harmless(text), columns - labelWidth - 2).map(
      (line, at) => `  ${paint.dim((at === 0 ? name : '').padEnd(labelWidth))}${line}`,
    );
  const { state, kind, name, reader, reason, detail, replays, replayed_at: replayedAt, tenant } = letter;
  return [
    `${harmless(letter.id)}  ${state === 'dead' ? paint.yellow(state) : paint.green(state)}`,
    ...field('What', `${kind} ${name}`),
    ...field('Reader', reader),
    ...field('Why', detail === null ? reason : `${reason}: ${detail}`),
    ...field('Since', toTheSecond(letter.since)),
    ...(tenant === null ? [] : field('Tenant', tenant)),
    ...(replayedAt === null
      ? []
      : field('Replayed', `${toTheSecond(replayedAt)}${replays > 0 ? `, ${count(replays)} in vain` : ''}`)),
    ...field('A replay', letter.replay),
    ...field('Says', `${letter.payload}${letter.payload_is_whole ? '' : ' …'}`),
  ];
}

/** What became of replays. */
export function replayLines(items: readonly ReplayedDeadLetter[], { columns, paint }: Output): string[] {
  const failed = items.filter(({ outcome }) => outcome === 'failed');
  const [waiting, repeated] = [
    items.filter(({ outcome }) => outcome === 'waiting').length,
    items.filter((item) => item.repeated).length,
  ];
  const done = items.length - failed.length;
  const beside = [
    ...(waiting > 0 ? [`${count(waiting)} are sent as soon as may be`] : []),
    ...(repeated > 0 ? [`${count(repeated)} had been before`] : []),
  ];
  return [
    ...(items.length === 0
      ? ['There is nothing to replay.']
      : [`${plural(done, 'dead letter')} replayed${beside.length > 0 ? `; ${beside.join(', ')}` : ''}.`]),
    ...failed.flatMap(({ id, reason, detail }) =>
      wrap(paint.yellow(`${harmless(id)} is not replayed: ${reason}: ${harmless(detail ?? '')}`), columns),
    ),
  ];
}

/** What became of removals: of many that were not all removed, which were. */
export function discardLines(
  removed: readonly string[],
  failures: readonly { id: string; reason: string; detail: string }[],
  { columns, paint }: Pick<Output, 'columns' | 'paint'>,
): string[] {
  return [
    `${plural(removed.length, 'dead letter')} removed${failures.length > 0 && removed.length > 0 ? ':' : '.'}`,
    ...(failures.length > 0 ? removed.map((id) => `  ${harmless(id)}`) : []),
    ...failures.flatMap(({ id, reason, detail }) =>
      wrap(paint.yellow(`${harmless(id)} is not removed: ${reason}: ${harmless(detail)}`), columns),
    ),
  ];
}

/** Whose dead letters are not among those that are told of. */
export function awayLines(away: readonly ServiceAway[], { columns, paint }: Pick<Output, 'columns' | 'paint'>): string[] {
  return away.flatMap(({ service, code, detail }) =>
    wrap(paint.yellow(`What ${service} keeps is not among them: ${code}: ${harmless(detail)}`), columns),
  );
}
