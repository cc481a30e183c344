import type { LogLine } from '@kintsugi/contracts';

/** Lines that a page keeps at once; what came before them is in the download. */
export const keptLinesMax = 50_000;

/** What is known of a log, and where to read on. */
export interface KnownLines {
  lines: readonly LogLine[];
  /** Lines that were shown and are kept no more. */
  dropped: number;
  cursor: string | null;
  /** Nothing will follow. */
  isOver: boolean;
}

export const noLines: KnownLines = { lines: [], dropped: 0, cursor: null, isOver: false };

/** With more lines at the end. Those that came already, as after a connection was made anew, are not taken twice. */
export function withLines(
  known: KnownLines,
  added: readonly LogLine[],
  cursor: string | null,
  isOver = known.isOver,
): KnownLines {
  if (cursor !== null && cursor === known.cursor) return isOver === known.isOver ? known : { ...known, isOver };
  const all = added.length === 0 ? known.lines : [...known.lines, ...added];
  const surplus = Math.max(0, all.length - keptLinesMax);
  return {
    lines: surplus > 0 ? all.slice(surplus) : all,
    dropped: known.dropped + surplus,
    cursor: cursor ?? known.cursor,
    isOver,
  };
}

/** What names a line for ever: its task, the run, and its number in it. */
export function lineKey({ task_id, attempt, line }: Pick<LogLine, 'task_id' | 'attempt' | 'line'>): string {
  return `${task_id}/${attempt}/${line}`;
}

/** The parts of a text that were searched for, in just this spelling, and those between. */
export function marked(text: string, wanted: string): { text: string; isFound: boolean }[] {
  if (wanted === '') return [{ text, isFound: false }];
  return text
    .split(wanted)
    .flatMap((part, index) => [...(index > 0 ? [{ text: wanted, isFound: true }] : []), { text: part, isFound: false }])
    .filter((part) => part.text !== '');
}
