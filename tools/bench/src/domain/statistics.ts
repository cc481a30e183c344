/** What several runs of one measurement came to. */
export interface Summary {
  median: number;
  min: number;
  max: number;
  runs: number[];
}

/** The middle value; between two middle ones, halfway. */
export function medianOf(values: readonly number[]): number {
  if (values.length === 0) throw new Error('There is no median of no values.');
  const sorted = [...values].sort((one, other) => one - other);
  const upper = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? upper - 1 : upper]!, sorted[upper]!];
  return (low + high) / 2;
}

export function summaryOf(runs: readonly number[]): Summary {
  return { median: medianOf(runs), min: Math.min(...runs), max: Math.max(...runs), runs: [...runs] };
}

/**
 * How many times as much `ours` is as `theirs`, run by run, and of that the median: the two runs of a round stand
 * side by side in time, so what else the machine does falls out of their ratio.
 */
export function pairedRatio(ours: Summary | undefined, theirs: Summary | undefined): number | null {
  if (!ours || !theirs) return null;
  const pairs = Math.min(ours.runs.length, theirs.runs.length);
  if (pairs === 0) return null;
  return medianOf(Array.from({ length: pairs }, (_, run) => ours.runs[run]! / theirs.runs[run]!));
}
