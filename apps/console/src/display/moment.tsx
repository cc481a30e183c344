import { useLanguage } from '../texts/language.js';
import { useNow } from './clock.js';
import { relativeParts } from './domain/durations.js';
import { timeFormats } from './domain/time-formats.js';

/** A time in the reader's zone, with UTC on hover. */
export function Moment({ at, relative = true }: { at: string | null | undefined; relative?: boolean }) {
  const { language } = useLanguage();
  const now = useNow(relative);
  if (!at) return <span aria-hidden>–</span>;
  const time = new Date(at);
  const formats = timeFormats(language);
  const local = formats.local.format(time);
  const { value, unit } = relativeParts(time.getTime() - now);
  return (
    <time dateTime={at} title={`${local}\n${time.toISOString().replace('T', ' ').replace('Z', ' UTC')}`}>
      {relative ? formats.relative.format(value, unit) : local}
    </time>
  );
}
