import type { Readings } from '../domain/figure-book.js';
import { figureCatalogue, type FigureName } from '../domain/figure-catalogue.js';
import type { MeasurementName, SystemName } from '../domain/systems.js';
import { shownNumber } from './numbers.js';

/** A line for a run, with the first of its figures; none for one that has none. */
export function progressLine(
  system: SystemName,
  measurement: MeasurementName,
  run: number,
  runs: number,
  readings: Readings,
): string | null {
  const [first] = Object.entries(readings) as [FigureName, number][];
  if (!first) return null;
  const [name, value] = first;
  const { digits, unit } = figureCatalogue[name];
  return `${String(run).padStart(2)}/${runs}  ${measurement.padEnd(9)} ${system.padEnd(16)} ${shownNumber(value, digits)} ${unit}`;
}
