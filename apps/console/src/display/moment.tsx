import { useEffect, useState } from 'react';
import { useLanguage } from '../texts/language.js';
import { relativeParts } from './domain/durations.js';

/** A time in the reader's zone, with UTC on hover. */
export function Moment({ at, relative = true }: { at: string | null | undefined; relative?: boolean }) {
  const { language } = useLanguage();
  const now = useNow(relative);
  if (!at) return <span aria-hidden>–</span>;
  const time = new Date(at);
  const local = time.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const { value, unit } = relativeParts(time.getTime() - now);
  const text = relative ? new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(value, unit) : local;
  return (
    <time dateTime={at} title={`${local}\n${time.toISOString().replace('T', ' ').replace('Z', ' UTC')}`}>
      {text}
    </time>
  );
}

/** The time, every few seconds. */
function useNow(ticks: boolean): number {
  const [now, note] = useState(() => Date.now());
  useEffect(() => {
    if (!ticks) return undefined;
    const timer = setInterval(() => note(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, [ticks]);
  return now;
}
