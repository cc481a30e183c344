const minuteS = 60;
const dayS = 86_400;

/**
 * Times below a chart, as short as their distance lets them be: a day, or the time of day, with seconds where they are closer than a
 * minute. In the zone of the reader where none is given.
 */
export function axisTimes(seconds: readonly number[], stepS: number, language: string, timeZone?: string): string[] {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const parts: Intl.DateTimeFormatOptions =
    stepS >= dayS ? { month: 'short', day: 'numeric' } : stepS >= minuteS ? clock : { ...clock, second: '2-digit' };
  const format = new Intl.DateTimeFormat(language, timeZone === undefined ? parts : { ...parts, timeZone });
  return seconds.map((at) => format.format(at * 1_000));
}
