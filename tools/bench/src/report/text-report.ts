import type { BenchResults } from '../bench-results.js';
import { barsOf, type Bar } from '../domain/bars.js';
import { figureCatalogue, figureNames, type FigureName } from '../domain/figure-catalogue.js';
import type { Figures } from '../domain/figure-book.js';
import type { SystemName } from '../domain/systems.js';
import { shownFactor, shownNumber } from './numbers.js';

const titleColumns = 35;
const cellColumns = 15;

/** The results for a person, in 80 columns: a line a figure with its median, and below it the range over the runs. */
export function textReport({ figures, systems, leftOut, failedRuns, plan, exactRuns }: BenchResults): string[] {
  const names = systems.map(({ name }) => name);
  const lines = [
    `Medians of ${plan.runs} runs in turns; below each its range over the runs.`,
    '',
    row('', names),
    ...figureNames.flatMap((figure) => rowsOf(figure, figures, names)),
    '',
    'Bars',
    ...barsOf(figures).map(barLine),
    '',
    `${exactRuns} runs were exact: every task accepted, run and recorded.`,
  ];
  for (const { system, reason } of leftOut) lines.push(...wrapped(`${system} was left out: ${reason}`));
  for (const { system, measurement, run, reason } of failedRuns) {
    lines.push(...wrapped(`NOT EXACT: ${system}, ${measurement}, run ${run}: ${reason}`));
  }
  return lines;
}

function rowsOf(name: FigureName, figures: Figures, systems: readonly SystemName[]): string[] {
  const measured = figures[name];
  if (!measured) return [];
  const { title, unit, digits } = figureCatalogue[name];
  const cells = (of: (system: SystemName) => string): string[] => systems.map((system) => (measured[system] ? of(system) : '-'));
  const medians = row(
    `${title}, ${unit}`,
    cells((system) => shownNumber(measured[system]?.median ?? 0, digits)),
  );
  if (Object.values(measured).every(({ runs }) => runs.length === 1)) return [medians];
  const ranges = systems.map((system) => {
    const summary = measured[system];
    return summary && summary.runs.length > 1 ? `${shownNumber(summary.min, digits)}-${shownNumber(summary.max, digits)}` : '';
  });
  return [medians, row('', ranges)];
}

function row(title: string, cells: readonly string[]): string {
  return `${title.padEnd(titleColumns)}${cells.map((cell) => cell.padStart(cellColumns)).join('')}`.trimEnd();
}

function barLine({ says, value, bar, holds, passed }: Bar): string {
  const verdict = passed === null ? 'not measured' : passed ? 'passed' : 'MISSED';
  const wanted = `${holds === 'at_least' ? 'at least' : 'at most'} ${shownFactor(bar)}`;
  return `  ${says.padEnd(43)}${(value === null ? '-' : shownFactor(value)).padStart(7)}  ${wanted.padEnd(14)}${verdict.padStart(12)}`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > 80) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
