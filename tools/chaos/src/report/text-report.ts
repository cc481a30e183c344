import { recoveryBars } from '../domain/recovery-bars.js';
import type { ChaosResults } from '../domain/results.js';
import { recoveryTimes } from './recovery-times.js';

const violationsShown = 20;
const columns = { what: 40, faults: 7, time: 15 };

/** What a run came to, in 80 columns. */
export function textReport(results: ChaosResults): string[] {
  const { seed, kills, pauses, accepted, tasks, runs, refusedRequests, recoveries, violations, leftOut } = results;
  const lost = violations.filter(({ promise }) => promise === 'no accepted job is lost').length;
  const bars = recoveryBars(recoveries);
  const missed = bars.filter(({ passed }) => passed === false).length;
  const shown = violations.slice(0, violationsShown).map(({ promise, about }) => `BROKEN ${promise}: ${about}`);
  return [
    `Seed ${seed}: ${recoveries.length} faults, ${kills} kills, ${pauses} pauses in ${results.durationS} s`,
    `${accepted} jobs of ${tasks} tasks accepted, ${lost} lost; ${runs} runs recorded; ${refusedRequests} requests refused`,
    '',
    row('Milliseconds, median/most', 'faults', 'accepted', 'healed'),
    ...recoveryTimes(recoveries).map(({ what, faults, accepted: again, healed }) =>
      row(what, String(faults), `${again.median}/${again.most}`, `${healed.median}/${healed.most}`),
    ),
    ...bars.flatMap(({ says, mostMs, barMs, passed }) =>
      mostMs === null ? [] : [`${says}: ${mostMs} ms, at most ${barMs}: ${passed ? 'passed' : 'MISSED'}`],
    ),
    ...leftOut.map(({ kind, reason }) => `Left out: ${kind.replaceAll('_', ' ')}, because ${reason}.`),
    '',
    ...shown,
    violations.length === 0 ? 'Every promise held.' : `${violations.length} promises broken.`,
    ...(missed === 0 ? [] : [`${missed} of ${bars.length} bars missed.`]),
  ];
}

function row(what: string, faults: string, accepted: string, healed: string): string {
  const short = what.length > columns.what ? `${what.slice(0, columns.what - 1)}…` : what;
  return `${short.padEnd(columns.what)}${faults.padStart(columns.faults)}${accepted.padStart(columns.time)}${healed.padStart(columns.time)}`;
}
