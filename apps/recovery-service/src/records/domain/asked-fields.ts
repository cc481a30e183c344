/** A label as it is asked for, `key=value`, as records have it. */
export function labelOf(text: string): { key: string; value: string } {
  const equals = text.indexOf('=');
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** A time as it is asked for, as records have theirs: they are compared as texts. */
export function timeOf(time: string): string {
  return new Date(time).toISOString();
}
