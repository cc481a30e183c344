import { figureNames, type FigureName } from './figure-catalogue.js';
import { summaryOf, type Summary } from './statistics.js';
import { systemNames, type SystemName } from './systems.js';

/** Figures by name, then by system. What was not measured is absent. */
export type Figures = Partial<Record<FigureName, Partial<Record<SystemName, Summary>>>>;

/** What one run gave. */
export type Readings = Partial<Record<FigureName, number>>;

/** Collects the readings of all runs. */
export class FigureBook {
  private readonly readings = new Map<string, number[]>();

  add(system: SystemName, readings: Readings): void {
    for (const [name, value] of Object.entries(readings)) {
      const key = `${name} ${system}`;
      this.readings.set(key, [...(this.readings.get(key) ?? []), value]);
    }
  }

  figures(): Figures {
    const figures: Figures = {};
    for (const name of figureNames) {
      for (const system of systemNames) {
        const runs = this.readings.get(`${name} ${system}`);
        if (runs) figures[name] = { ...figures[name], [system]: summaryOf(runs) };
      }
    }
    return figures;
  }
}
