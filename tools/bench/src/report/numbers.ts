const format = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A figure as people read it: thousands grouped, as many digits as are meant. */
export function shownNumber(value: number, digits: number): string {
  return format(digits).format(value);
}

/** Two digits where they matter, none where they would be noise. */
export function shownFactor(value: number): string {
  return format(value >= 100 ? 0 : value >= 10 ? 1 : 2).format(value);
}
