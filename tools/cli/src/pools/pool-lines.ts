import type {
  ActionResponse,
  AutoRecoveryReport,
  HostAway,
  PoolAnomalies,
  PoolView,
  SlotRecovery,
  SlotView,
} from '@kintsugi/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Output } from '../terminal/output.js';
import { count } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless } from '../terminal/text-width.js';

type Look = Pick<Output, 'paint' | 'rowColumns'>;

/** Pools for a person, one in a row, with their hosts where there are several. */
export function poolsTable({ items, hosts_away }: ActionResponse<'listPools'>, { paint, rowColumns }: Look): string[] {
  const away = awayLines({ hosts_away });
  if (items.length === 0) return ['No pools. ./kintsugi pool --help shows how to make one.', ...away];
  const hasHosts = away.length > 0 || new Set(items.map(({ host }) => host)).size > 1;
  const rows = table(
    [
      { title: 'NAME' },
      ...(hasHosts ? [{ title: 'HOST' }] : []),
      { title: 'SLOTS', align: 'right' },
      { title: 'STATES' },
      { title: 'REPOSITORY', shrinks: true, columnsMin: 10 },
    ],
    items.map(({ name, host, size, states, repository_url }) => [
      harmless(name),
      ...(hasHosts ? [harmless(host)] : []),
      count(size),
      Object.entries(states)
        .map(([state, number]) => `${number} ${state}`)
        .join(', '),
      harmless(repository_url),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...rows, ...away];
}

/** The hosts of which nothing is in an answer. */
export function awayLines({ hosts_away: away = [] }: { hosts_away?: HostAway[] | undefined }): string[] {
  return away.map(({ host, reason }) => `Nothing of ${harmless(host)} is in here. ${harmless(reason)}`);
}

/** An answer in which hosts are missing is no whole one. */
export function exitCodeOf({ hosts_away }: { hosts_away?: HostAway[] | undefined }): ExitCode {
  return hosts_away === undefined ? exitCodes.ok : exitCodes.failed;
}

export function lockLines(locks: ActionResponse<'detectStaleLocks'>): string[] {
  const away = awayLines(locks);
  return locks.items.length === 0 && away.length === 0 ? ['No lock is left over.'] : [...locks.items, ...away];
}

export function forgottenLines({ host, pools, dry_run }: ActionResponse<'forgetPoolHost'>): string[] {
  const named = pools.length === 0 ? 'which had no pools' : `with its pools ${pools.map(harmless).join(', ')}`;
  return [`${harmless(host)} ${dry_run ? 'would be' : 'is'} forgotten, ${named}.`];
}

/** A pool for a person: its slots, and why some are isolated. */
export function poolLines({ name, host, repository_url, branch, slots, ...options }: PoolView, look: Look): string[] {
  const head = [
    `${harmless(name)} on ${harmless(host)}  ${harmless(repository_url)} at ${harmless(branch)}`,
    ...optionWords(options),
  ].join(', ');
  return [head, ...(slots.length === 0 ? ['It has no slots. ./kintsugi pool add-slot makes one.'] : slotsTable(slots, look))];
}

function optionWords({
  shallow,
  partial,
  submodules,
  reference_mirror,
}: Pick<PoolView, 'shallow' | 'partial' | 'submodules' | 'reference_mirror'>): string[] {
  return [
    ...(shallow === null ? [] : [`shallow (${count(shallow)})`]),
    ...(partial === null ? [] : [`partial (${harmless(partial)})`]),
    ...(submodules ? ['with submodules'] : []),
    ...(reference_mirror ? [] : ['without a mirror']),
  ];
}

function slotsTable(slots: readonly SlotView[], { paint, rowColumns }: Look): string[] {
  const rows = table(
    [
      { title: 'SLOT' },
      { title: 'STATE' },
      { title: 'OWNER' },
      { title: 'SINCE' },
      { title: 'REASON', shrinks: true, columnsMin: 6 },
    ],
    slots.map(({ slot_id, state, owner, metadata }) => [
      slot_id,
      metadata.verified || state !== 'AVAILABLE' ? state : `${state}, not verified`,
      harmless(owner ?? '-'),
      metadata.state_changed_at,
      harmless(metadata.isolation_reason ?? '-'),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return rows;
}

/** One slot for a person, with where it is. */
export function slotLines({ slot_id, state, path, owner, purpose }: SlotView, { paint }: Pick<Output, 'paint'>): string[] {
  const who = owner === null ? '' : ` ${harmless(owner)}${purpose === null ? '' : `, for ${harmless(purpose)}`}`;
  return [`${slot_id}  ${state === 'ERROR' ? paint.red(state) : state}${who}`, `  ${harmless(path)}`];
}

export function anomalyLines(
  { long_allocated_slots, corrupted_slots, orphaned_locks, hosts_away }: PoolAnomalies,
  { paint }: Pick<Output, 'paint'>,
): string[] {
  const lines = [
    ...long_allocated_slots.map(
      ({ slot_id, owner, allocated_at }) => `${slot_id}  allocated to ${harmless(owner ?? '?')} since ${allocated_at}`,
    ),
    ...corrupted_slots.map(({ slot_id, findings }) => {
      const words = findings.slice(0, 3).map(({ kind, detail }) => harmless(`${kind} (${detail})`));
      return `${slot_id}  ${words.join(', ')}${findings.length > 3 ? `, and ${findings.length - 3} more` : ''}`;
    }),
    ...orphaned_locks.map((slotId) => `${harmless(slotId)}  has a lock that nobody holds`),
  ];
  if (lines.length > 0) return [...lines, 'Next: ./kintsugi pool auto-recover --dry-run', ...awayLines({ hosts_away })];
  return hosts_away ? awayLines({ hosts_away }) : [paint.green('Nothing is wrong.')];
}

export function recoveryLines(
  { slot, outcome, found, rungs, reason, advice, saved }: SlotRecovery,
  { paint }: Pick<Output, 'paint'>,
): string[] {
  const words = {
    healthy: 'nothing was wrong',
    recovered: 'recovered',
    would_recover: 'would be recovered',
    held: 'on hold',
    isolated: 'isolated',
    forced: 'available, and not verified',
  };
  return [
    `${slot.slot_id}  ${slot.state === 'AVAILABLE' ? paint.green(words[outcome]) : words[outcome]}`,
    ...found.slice(0, 10).map(({ kind, detail }) => `  found  ${harmless(`${kind}: ${detail}`)}`),
    ...rungs.map((rung) => `  did    ${rung}`),
    ...(reason === null ? [] : [`  why    ${harmless(reason)}`]),
    ...(saved === null ? [] : [`  kept   ${harmless(saved)}`]),
    ...advice.map((line) => `  next   ${harmless(line)}`),
  ];
}

export function reportLines(report: AutoRecoveryReport, dryRun: boolean): string[] {
  const { long_allocated_released, corrupted_recovered, corrupted_isolated, orphaned_locks_cleaned, errors } = report;
  const row = (number: number, what: string): string => `${count(number).padStart(6)}  ${what}`;
  return [
    dryRun ? 'This would be done:' : 'Done:',
    row(orphaned_locks_cleaned, 'locks removed that nobody held'),
    row(long_allocated_released, 'slots taken from silent owners'),
    row(corrupted_recovered, 'slots recovered'),
    row(corrupted_isolated, 'slots isolated'),
    ...errors.map((error) => `  ${harmless(error)}`),
  ];
}
