const width = 100;
const height = 24;
const emptyHeight = 1;
const leastHeight = 3;
/** Of its place that a bar takes. */
const share = 0.8;

/** Counts as bars, those of nothing apart: two shapes, however many bars there are. */
export function barsOf(counts: readonly number[]): { none: string; some: string } {
  const most = Math.max(1, ...counts);
  const place = width / Math.max(1, counts.length);
  const bars = { none: '', some: '' };
  counts.forEach((count, index) => {
    const tall = count === 0 ? emptyHeight : Math.max(leastHeight, (height * count) / most);
    bars[count === 0 ? 'none' : 'some'] +=
      `M${rounded(index * place)} ${height}h${rounded(place * share)}v${-rounded(tall)}h${-rounded(place * share)}z`;
  });
  return bars;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
