interface TimeFormats {
  local: Intl.DateTimeFormat;
  relative: Intl.RelativeTimeFormat;
}

const known = new Map<string, TimeFormats>();

/** How times are written in a language. To make them takes longer than to write a hundred times by them. */
export function timeFormats(language: string): TimeFormats {
  const before = known.get(language);
  if (before) return before;
  const formats = {
    local: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }),
    relative: new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }),
  };
  known.set(language, formats);
  return formats;
}
