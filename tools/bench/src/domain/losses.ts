import { figureCatalogue, figureNames, type FigureDefinition, type FigureName } from './figure-catalogue.js';
import type { Figures } from './figure-book.js';
import { systemNames, type SystemName } from './systems.js';

/** A figure in which another system is better than ours. */
export interface Loss {
  figure: FigureName;
  to: SystemName;
  ours: number;
  theirs: number;
  /** How many times better theirs is; more than 1, and null when theirs is too little to be measured. */
  factor: number | null;
}

/** Every figure in which a peer's median beats ours, the widest gap first. */
export function lossesOf(figures: Figures): Loss[] {
  const peers = systemNames.filter((name) => name !== 'kintsugi');
  return figureNames
    .flatMap((figure) => peers.map((to) => lossOf(figures, figure, to)))
    .filter((loss) => loss !== null)
    .sort((one, other) => widthOf(other) - widthOf(one));
}

function widthOf({ factor }: Loss): number {
  return factor ?? Infinity;
}

function lossOf(figures: Figures, figure: FigureName, to: SystemName): Loss | null {
  const definition: FigureDefinition = figureCatalogue[figure];
  if (definition.part) return null;
  const ours = figures[figure]?.kintsugi?.median;
  const theirs = figures[figure]?.[to]?.median;
  if (ours === undefined || theirs === undefined) return null;
  const factor = definition.better === 'more' ? theirs / ours : ours / theirs;
  return factor > 1 ? { figure, to, ours, theirs, factor: Number.isFinite(factor) ? factor : null } : null;
}
