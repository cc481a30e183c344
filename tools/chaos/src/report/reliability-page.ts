import { recoveryBars } from '../domain/recovery-bars.js';
import type { ChaosResults } from '../domain/results.js';
import { recoveryTimes, type Spread } from './recovery-times.js';

/** `docs/reliability.md`, made whole from the results of one run. */
export function reliabilityPage(results: ChaosResults): string {
  const { seed, startedAt, durationS, machine, kills, pauses, accepted, tasks, runs, recoveries, violations, leftOut } = results;
  const countOf = (promise: string): number => violations.filter((violation) => violation.promise === promise).length;
  return `${[
    '# Reliability',
    '',
    'Written by `./kintsugi chaos --write` from one run; do not edit it. The run starts a whole platform, hands in jobs over HTTP without a pause, and breaks one thing after the other.',
    'A recorder outside the platform notes each run of each task. After every fault, a job must be accepted and run again, every job that was ever accepted must be there, and the',
    'recorder must have seen nothing that a promise rules out. At the end each job must end by itself, and the history must say of each what the record says.',
    '',
    `\`./kintsugi chaos --seed ${seed}\` has the same sequence of faults again; \`TEST_SEED=1 ./kintsugi test ten-seeds\` runs ten short ones.`,
    '',
    '## What held',
    '',
    '| | |',
    '|---|---:|',
    `| faults | ${recoveries.length} |`,
    `| kills, pauses | ${kills}, ${pauses} |`,
    `| jobs accepted, tasks in them | ${accepted}, ${tasks} |`,
    `| runs of tasks recorded | ${runs} |`,
    `| accepted jobs lost | ${countOf('no accepted job is lost')} |`,
    `| attempts given out twice | ${countOf('an attempt is given to one worker, once')} |`,
    `| unsafe tasks run again | ${countOf('an unsafe task is never run again')} |`,
    `| tasks run again though their worker lived | ${countOf('a task whose worker lived is not run again')} |`,
    `| jobs that did not end as they should | ${countOf('each accepted job ends, and well')} |`,
    `| jobs of which the history tells otherwise | ${countOf('the history tells of each job as it is')} |`,
    `| promises broken, in all | ${violations.length} |`,
    '',
    `None in ${accepted} bounds the rate of losses at ${(300 / Math.max(1, accepted)).toFixed(2)} % (95 %).`,
    '',
    '## How soon it works again',
    '',
    'Milliseconds from the moment the fault is over (for a kill, from the kill): until a job was accepted by HTTP, and until its task had run. Median, 95th percentile, most.',
    '',
    '| fault | times | accepted | healed |',
    '|---|---:|---:|---:|',
    ...recoveryTimes(recoveries).map(
      ({ what, faults, accepted: again, healed }) => `| ${what} | ${faults} | ${shown(again)} | ${shown(healed)} |`,
    ),
    '',
    '| bar | longest, ms | at most | |',
    '|---|---:|---:|---|',
    ...recoveryBars(recoveries).map(
      ({ says, mostMs, barMs, passed }) =>
        `| ${says} | ${mostMs ?? '-'} | ${barMs} | ${passed === null ? 'not measured' : passed ? 'passed' : '**missed**'} |`,
    ),
    '',
    ...leftOut.map(({ kind, reason }) => `Left out: ${kind.replaceAll('_', ' ')}, because ${reason}.\n`),
    `Seed ${seed}, ${startedAt.slice(0, 10)}, ${Math.round(durationS / 60)} minutes, ${machine}; everything on this one machine.`,
  ].join('\n')}\n`;
}

function shown({ median, p95, most }: Spread): string {
  return `${median}, ${p95}, ${most}`;
}
