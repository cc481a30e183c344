/** Bytes from the first to the last, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

const pattern = /^bytes=(\d{0,15})-(\d{0,15})$/;

/** The range that a header asks for; null where all is wanted, as with several ranges, which may be ignored; `none` where nothing is there. */
export function wantedRange(header: string | undefined, totalBytes: number): ByteRange | 'none' | null {
  const [matched, first = '', last = ''] = pattern.exec(header?.trim() ?? '') ?? [];
  if (matched === undefined || (first === '' && last === '')) return null;
  const start = first === '' ? Math.max(0, totalBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? totalBytes - 1 : Math.min(Number(last), totalBytes - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  return start > end || start >= totalBytes ? 'none' : { start, end };
}
