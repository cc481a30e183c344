const minuteS = 60;
const hourS = 3_600;
const dayS = 86_400;
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/**
 * Times below a chart, as short as their distance lets them be: a day, or the time of day, with seconds where they are closer than a
 * minute, and with the day in the place of its midnight where they are some hours apart. In the zone of the reader where none is given.
 */
export function axisTimes(seconds: readonly number[], stepS: number, language: string, timeZone?: string): string[] {
  const formatOf = (parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, timeZone === undefined ? parts : { ...parts, timeZone });
  const days = formatOf({ month: 'short', day: 'numeric' });
  const times = formatOf(stepS >= minuteS ? clock : { ...clock, second: '2-digit' });
  const isDay = (at: number): boolean => stepS >= dayS || (stepS >= hourS && times.format(at * 1_000) === '00:00');
  return seconds.map((at) => (isDay(at) ? days : times).format(at * 1_000));
}
