import type { BenchResults } from '../bench-results.js';
import { barsOf, type Bar } from '../domain/bars.js';
import { figureCatalogue, figureNames, type FigureName } from '../domain/figure-catalogue.js';
import { lossesOf, type Loss } from '../domain/losses.js';
import type { Summary } from '../domain/statistics.js';
import { systemNames, type SystemName } from '../domain/systems.js';
import { shownFactor, shownNumber } from './numbers.js';
import { caveats, durabilityOf, method } from './method-text.js';

const processFigures = [
  { name: 'bulk_cpu_us', title: 'CPU a bulk task, us', digits: 1 },
  { name: 'single_cpu_us', title: 'CPU a single job, us', digits: 1 },
  { name: 'rss_100k_mb', title: 'RSS after 100,000 tasks, MB', digits: 0 },
  { name: 'rss_1m_mb', title: 'RSS after 1,000,000 tasks, MB', digits: 0 },
];

/** `docs/performance.md`, made whole from the results of one run of the benchmark. */
export function performancePage(results: BenchResults): string {
  return `${[
    '# Performance',
    '',
    'Written by `./kintsugi bench` from one run; do not edit it. Run the benchmark on your own machine before you trust a number: the ratios travel, the rates do not.',
    '',
    ...barsSection(results),
    ...figuresSection(results),
    ...lossesSection(results),
    ...conditionsSection(results),
    ...method(results),
  ].join('\n')}\n`;
}

function barsSection({ figures }: BenchResults): string[] {
  const line = ({ says, value, bar, holds, passed }: Bar): string => {
    const verdict = passed === null ? 'not measured' : passed ? 'passed' : '**missed**';
    const wanted = `${holds === 'at_least' ? 'at least' : 'at most'} ${shownFactor(bar)}`;
    return `| ${says} | ${value === null ? '-' : shownFactor(value)} | ${wanted} | ${verdict} |`;
  };
  return ['## The bars', '', '| | measured | bar | |', '|---|---:|---|---|', ...barsOf(figures).map(line), ''];
}

function figuresSection(results: BenchResults): string[] {
  const { figures, systems } = results;
  const names = systems.map(({ name }) => name);
  const rows = figureNames.flatMap((figure) => {
    const measured = figures[figure];
    if (!measured) return [];
    const cells = names.map((name) => cellOf(figure, measured[name]));
    return [`| ${titleOf(figure)} | ${cells.join(' | ')} |`];
  });
  return [
    '## Figures',
    '',
    'Medians, with the range over the runs in brackets.',
    '',
    `| | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---:|').join('')}`,
    `| Durability of an accepted task | ${names.map((name) => durabilityOf[name].name).join(' | ')} |`,
    ...rows,
    '',
    ...names.map((name) => `- ${name}: ${durabilityOf[name].meaning}`),
    '',
    ...processTable(results),
  ];
}

/** Where our own CPU time and memory go, a line a process. */
function processTable({ byProcess }: BenchResults): string[] {
  const ours = byProcess.kintsugi ?? {};
  const figures = processFigures.filter(({ name }) => ours[name]);
  const processes = [...new Set(figures.flatMap(({ name }) => Object.keys(ours[name] ?? {})))];
  if (processes.length === 0) return [];
  const cells = (process: string): string[] =>
    figures.map(({ name, digits }) => {
      const value = ours[name]?.[process];
      return value === undefined ? '-' : shownNumber(value, digits);
    });
  return [
    'Ours by process:',
    '',
    `| | ${figures.map(({ title }) => title).join(' | ')} |`,
    `|---|${figures.map(() => '---:|').join('')}`,
    ...processes.map((process) => `| ${process} | ${cells(process).join(' | ')} |`),
    '',
  ];
}

function titleOf(figure: FigureName): string {
  const { title, unit } = figureCatalogue[figure];
  return `${title.trimStart().replace(/^/, title.startsWith(' ') ? '… ' : '')}, ${unit}`;
}

function cellOf(figure: FigureName, summary: Summary | undefined): string {
  if (!summary) return '-';
  const { digits } = figureCatalogue[figure];
  const median = shownNumber(summary.median, digits);
  if (summary.runs.length === 1) return median;
  return `${median} (${shownNumber(summary.min, digits)} to ${shownNumber(summary.max, digits)})`;
}

function lossesSection({ figures }: BenchResults): string[] {
  const losses = lossesOf(figures);
  const line = ({ figure, to, ours, theirs, factor }: Loss): string => {
    const { digits, unit } = figureCatalogue[figure];
    const numbers = `${shownNumber(theirs, digits)} to our ${shownNumber(ours, digits)} ${unit}`;
    const better = factor === null ? 'uses too little to be measured' : `is ${shownFactor(factor)} times better`;
    return `- ${titleOf(figure).replace(/, [^,]+$/, '')}: ${to} ${better} (${numbers}).`;
  };
  const measured = losses.length > 0 ? losses.map(line) : ['- In no figure of this run.'];
  return [
    '## Where we lose',
    '',
    'Computed from the figures above:',
    '',
    ...measured,
    '',
    'Not in the figures:',
    '',
    ...caveats,
    '',
  ];
}

function conditionsSection({
  conditions,
  systems,
  leftOut,
  startedAt,
  durationS,
  failedRuns,
  repeatedRuns,
}: BenchResults): string[] {
  const { cpu, cores, memoryMb, os, node, loadAverage } = conditions;
  const repeated = systemNames.filter((name) => (repeatedRuns[name] ?? 0) > 0);
  return [
    '## Conditions',
    '',
    `- ${cores} cores (${cpu}), ${shownNumber(memoryMb / 1_024, 0)} GB of memory, ${os}, Node.js ${node}; everything on this one machine, over TCP on loopback.`,
    `- ${startedAt.slice(0, 10)}, ${shownNumber(durationS / 60, 1)} minutes; load average before the start ${shownNumber(loadAverage, 2)}${loadAverage > 0.5 ? ': other work ran on the machine, so rates are low and ranges wide' : ''}.`,
    ...systems.map(({ name, versions, settings }) => `- ${name}: ${versions}; ${settings}.`),
    ...leftOut.map(({ system, reason }) => `- ${system} was left out: ${reason}.`),
    failedRuns.length === 0
      ? '- Every run was exact: each task accepted, run and recorded as done.'
      : `- ${failedRuns.length} runs were not exact: ${failedRuns.map(runOf).join('; ')}.`,
    repeated.length === 0
      ? '- No task ran twice, except those of killed workers.'
      : `- Tasks that ran more than once: ${repeated.map((name: SystemName) => `${name} ${repeatedRuns[name]}`).join(', ')}.`,
    '',
  ];
}

function runOf({ system, measurement, run, reason }: BenchResults['failedRuns'][number]): string {
  return `${system}, ${measurement}, run ${run} (${reason})`;
}
