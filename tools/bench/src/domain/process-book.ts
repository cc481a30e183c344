import { medianOf } from './statistics.js';

/** Medians over the runs, by figure and then by process. */
export type FiguresByProcess = Record<string, Record<string, number>>;

/** Collects what single processes of a system took: it shows where to look, and is no figure to compare. */
export class ProcessBook {
  private readonly readings = new Map<string, Map<string, number[]>>();

  add(figure: string, byProcess: Record<string, number>): void {
    const processes = this.readings.get(figure) ?? new Map<string, number[]>();
    this.readings.set(figure, processes);
    for (const [name, value] of Object.entries(byProcess)) processes.set(name, [...(processes.get(name) ?? []), value]);
  }

  medians(): FiguresByProcess {
    return Object.fromEntries(
      [...this.readings].map(([figure, processes]) => [
        figure,
        Object.fromEntries([...processes].map(([name, values]) => [name, medianOf(values)])),
      ]),
    );
  }
}
