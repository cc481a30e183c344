const bars = '▁▂▃▄▅▆▇█';

/** Counts as one line of bars, the largest at full height; neighbours share a bar where there are more than columns. */
export function sparkline(counts: readonly number[], columns: number): string {
  const perBar = Math.ceil(counts.length / Math.max(1, columns));
  const heights = Array.from({ length: Math.ceil(counts.length / perBar) }, (_, index) =>
    counts.slice(index * perBar, (index + 1) * perBar).reduce((sum, count) => sum + count, 0),
  );
  const top = Math.max(...heights, 1);
  return heights.map((height) => (height === 0 ? ' ' : bars[Math.ceil((height / top) * bars.length) - 1])).join('');
}
