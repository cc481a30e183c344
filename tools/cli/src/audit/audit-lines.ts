import type { AuditEntry, AuditPage } from '@kintsugi/contracts';
import { moreLines } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { count, toTheSecond } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless } from '../terminal/text-width.js';
import type { AuditVerdict, ChainVerdict } from './verify-audit.js';

type Painted = Pick<Output, 'paint' | 'rowColumns'>;

/** Who had what changed, a call in a row. */
export function auditTable({ items, next_cursor: nextCursor }: AuditPage, { paint, rowColumns }: Painted): string[] {
  if (items.length === 0) return ['Nothing was changed that fits.'];
  const lines = table(
    [
      { title: 'WHEN' },
      { title: 'WHO', shrinks: true, columnsMin: 6 },
      { title: 'FROM' },
      { title: 'ACTION' },
      { title: 'ABOUT', shrinks: true, columnsMin: 10 },
      { title: 'CHANGED', shrinks: true, columnsMin: 10 },
    ],
    items.map((entry) => [
      toTheSecond(entry.at),
      harmless(namesOf(entry)),
      harmless([...new Set(entry.by.map(({ actor }) => actor.address ?? actor.door))].slice(0, 2).join(' ')),
      entry.action,
      harmless(subjectsOf(entry)),
      harmless(changeOf(entry)),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(nextCursor, paint)];
}

/** What was found of the chains. */
export function verdictLines({ chains, keys, trusted }: AuditVerdict, { paint }: Pick<Output, 'paint'>): string[] {
  const lines = chains.flatMap((chain) => chainLines(chain, paint));
  if (chains.length === 0) return [paint.red('It holds no chain.')];
  if (trusted) return [...lines, paint.dim(`Signatures were held against ${keys.join(', ')}.`)];
  return [
    ...lines,
    paint.yellow(
      'No key was there to hold signatures against: whoever may write the database could have made a chain like this. Give --key.',
    ),
  ];
}

function chainLines({ service, entries, signed, fault }: ChainVerdict, paint: Output['paint']): string[] {
  if (!fault) return [`${paint.green('good')}    ${service}: ${count(entries)} entries, ${count(signed)} of them signed.`];
  return [`${paint.red('broken')}  ${service}: entry ${fault.seq} is ${fault.kind}. ${harmless(fault.detail)}`];
}

function namesOf({ by }: AuditEntry): string {
  const names = [...new Set(by.map(({ actor }) => actor.name))];
  return names.length > 2 ? `${names.slice(0, 2).join(' ')} +${names.length - 2}` : names.join(' ');
}

function subjectsOf({ by }: AuditEntry): string {
  const subjects = by.flatMap((part) => part.subjects);
  return subjects.length > 1 ? `${subjects[0]} +${subjects.length - 1}` : (subjects[0] ?? '');
}

/** The fields that differ, as they were and as they are. */
function changeOf({ phase, problem, before, after }: AuditEntry): string {
  if (phase === 'refused') return `refused: ${problem}`;
  if (phase === 'created') return 'made';
  const names = Object.keys({ ...before, ...after });
  const changed = names.filter((name) => textOf(before?.[name]) !== textOf(after?.[name]));
  const told = changed.map((name) => `${name} ${textOf(before?.[name])} → ${textOf(after?.[name])}`).join(', ');
  return phase === 'unknown' ? `cut off; ${told || 'nothing differs'}` : told || 'nothing differs';
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
