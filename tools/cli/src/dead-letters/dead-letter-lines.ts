import type { DeadLetterDetails, DeadLetterPage, ReplayedDeadLetter } from '@kintsugi/contracts';
import { moreLines } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { count, plural } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

const labelWidth = 12;

/** What could not be taken, for a person, one in a row. */
export function deadLettersTable({ items, next_cursor: next }: DeadLetterPage, { paint, rowColumns }: Output): string[] {
  if (items.length === 0) return ['No dead letters: all that came was taken.'];
  const lines = table(
    [
      { title: 'SINCE' },
      { title: 'WHAT' },
      { title: 'READER', shrinks: true, columnsMin: 8 },
      { title: 'WHY', shrinks: true, columnsMin: 12 },
      { title: 'ID' },
    ],
    items.map(({ since, name, reader, reason, detail, id }) => [
      ...[timeOf(since), harmless(name), harmless(reader)],
      ...[harmless(detail === null ? reason : `${reason}: ${detail}`), harmless(id)],
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(next, paint)];
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
    ...field('Since', timeOf(letter.since)),
    ...(tenant === null ? [] : field('Tenant', tenant)),
    ...(replayedAt === null ? [] : field('Replayed', `${timeOf(replayedAt)}${replays > 0 ? `, ${count(replays)} in vain` : ''}`)),
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
      wrap(paint.yellow(`${harmless(id)} failed again: ${reason}: ${harmless(detail ?? '')}`), columns),
    ),
  ];
}

function timeOf(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
