/** A bar of so many columns, filled by the share of each part in turn; it is full only when the parts make up all. */
export function progressBar(
  parts: { share: number; paint: (text: string) => string }[],
  columns: number,
  rest: (text: string) => string,
): string {
  let drawn = 0;
  let sum = 0;
  const painted = parts.map(({ share, paint }) => {
    sum += share;
    const end = sum >= 1 ? columns : Math.min(columns - 1, Math.floor(sum * columns));
    const width = Math.max(0, end - drawn);
    drawn += width;
    return width > 0 ? paint('█'.repeat(width)) : '';
  });
  return painted.join('') + (columns > drawn ? rest('░'.repeat(columns - drawn)) : '');
}
