export interface PlantedBug {
  name: string;
  breaks: string;
  file: string;
  find: string;
  replace: string;
  caught_by: { kind: string; file: string };
}

export function plantedBugs(patterns?: string[]): PlantedBug[];

export function withBug(bug: Pick<PlantedBug, 'find' | 'replace' | 'caught_by'>, source: string): string;
