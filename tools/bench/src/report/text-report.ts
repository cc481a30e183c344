import type { BenchResults } from '../bench-results.js';
import { barsOf, type Bar } from '../domain/bars.js';
import { figureCatalogue, figureNames, type FigureName } from '../domain/figure-catalogue.js';
import type { Figures } from '../domain/figure-book.js';
import type { SystemName } from '../domain/systems.js';
import { shownFactor, shownNumber } from './numbers.js';

const titleColumns = 34;
const cellColumnsMin = 15;
const systemsOfTableMax = 3;

/** The results for a person, in 80 columns: a line a figure with its median, and below it the range over the runs. */
export function textReport(results: BenchResults): string[] {
  const { figures, systems, leftOut, failedRuns, plan, exactRuns } = results;
  const names = systems.map(({ name }) => name);
  const bars = barsOf(figures).filter(({ value }) => value !== null);
  const lines = [
    `Medians of ${plan.runs} runs in turns; below each its range over the runs.`,
    '',
    ...tablesOf(names).flatMap((table, place) => tableOf(figures, table, place === 0)),
    ...(bars.length > 0 ? ['Bars', ...bars.map(barLine), ''] : []),
    `${exactRuns} runs were exact: every task accepted, run and recorded.`,
  ];
  for (const { system, reason } of leftOut) lines.push(...wrapped(`${system} was left out: ${reason}`));
  for (const { system, measurement, run, reason } of failedRuns) {
    lines.push(...wrapped(`NOT EXACT: ${system}, ${measurement}, run ${run}: ${reason}`));
  }
  return lines;
}

/** As many peers beside ours as fit, then the next ones beside ours again. */
function tablesOf(names: readonly SystemName[]): SystemName[][] {
  const ours = names.filter((name) => name === 'kintsugi');
  const peers = names.filter((name) => name !== 'kintsugi');
  const width = systemsOfTableMax - ours.length;
  const tables: SystemName[][] = [];
  for (let first = 0; first === 0 || first < peers.length; first += width) {
    tables.push([...ours, ...peers.slice(first, first + width)]);
  }
  return tables;
}

/** Figures that only we have are in the first table alone. */
function tableOf(figures: Figures, systems: readonly SystemName[], isFirst: boolean): string[] {
  const wanted = isFirst ? systems : systems.filter((name) => name !== 'kintsugi');
  const measured = figureNames.filter((figure) => wanted.some((system) => figures[figure]?.[system]));
  return [row('', systems, systems), ...measured.flatMap((figure) => rowsOf(figure, figures, systems)), ''];
}

function rowsOf(name: FigureName, figures: Figures, systems: readonly SystemName[]): string[] {
  const measured = figures[name];
  if (!measured) return [];
  const { title, unit, digits } = figureCatalogue[name];
  const cells = (of: (system: SystemName) => string): string[] => systems.map((system) => (measured[system] ? of(system) : '-'));
  const medians = cells((system) => shownNumber(measured[system]?.median ?? 0, digits));
  const line = row(`${title}, ${unit}`, medians, systems);
  if (systems.every((system) => (measured[system]?.runs.length ?? 1) === 1)) return [line];
  const ranges = systems.map((system) => {
    const summary = measured[system];
    return summary && summary.runs.length > 1 ? `${shownNumber(summary.min, digits)}-${shownNumber(summary.max, digits)}` : '';
  });
  return [line, row('', ranges, systems)];
}

/** Each column is as wide as its system's name needs. */
function row(title: string, cells: readonly string[], systems: readonly SystemName[]): string {
  const widthOf = (column: number): number => Math.max(cellColumnsMin, (systems[column]?.length ?? 0) + 1);
  return `${title.padEnd(titleColumns)}${cells.map((cell, column) => ` ${cell}`.padStart(widthOf(column))).join('')}`.trimEnd();
}

function barLine({ says, value, bar, holds, passed }: Bar): string {
  const wanted = `${holds === 'at_least' ? 'at least' : 'at most'} ${shownFactor(bar)}`;
  return `  ${says.padEnd(45)}${shownFactor(value ?? 0).padStart(7)}  ${wanted.padEnd(15)}${passed ? 'passed' : 'MISSED'}`;
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
