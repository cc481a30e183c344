import {
  logLevels,
  parseLine,
  type LogLevel,
  type LogLine,
  type LogRun,
  type LogStream,
  type StoredLogLine,
} from '@kintsugi/contracts';
import type { LogBlock } from './log-block.js';

/** Which lines of a log are wanted. */
export interface LogFilter {
  /** The task, by its id without `task_` and the uuid. */
  place?: string | undefined;
  attempt?: number | undefined;
  stream?: LogStream | undefined;
  level?: LogLevel | undefined;
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
  text?: string | undefined;
  fromLine?: number | undefined;
  toLine?: number | undefined;
}

/** Lines that were found in a block, and where to read on: at its end, or before it where there were too many. */
export interface FoundLines {
  lines: LogLine[];
  offset: number;
}

const lineFeed = 0x0a;

/** The lines of a block that are wanted, from a byte of it on. What has no wanted text is passed over unread. */
export function findLines(block: LogBlock, filter: LogFilter, from: number, limit: number): FoundLines {
  const lines: LogLine[] = [];
  const needle = filter.text === undefined ? null : Buffer.from(filter.text);
  let end = 0;
  for (const run of block.runs) {
    const start = end;
    end += run[3];
    if (end <= from || !isWantedRun(run, filter)) continue;
    let at = Math.max(start, from);
    while (at < end) {
      const next = needle ? startOfHit(block.lines, needle, at, end) : at;
      if (next < 0) break;
      const stop = endOfLine(block.lines, next, end);
      const line = parseLine(block.lines.toString('utf8', next, stop));
      at = stop + 1;
      if (!line || !isWantedLine(line, block, filter)) continue;
      lines.push(toldLine(line, block, run));
      if (lines.length >= limit) return { lines, offset: at };
    }
  }
  return { lines, offset: block.lines.length };
}

function toldLine({ offsetMs, number, stream, level, partial, text }: StoredLogLine, block: LogBlock, run: LogRun): LogLine {
  return {
    at: new Date(block.base_ms + offsetMs).toISOString(),
    task_id: `task_${block.log}.${run[0]}`,
    attempt: run[1],
    line: number,
    stream,
    level,
    ...(partial ? { partial } : {}),
    text,
  };
}

function isWantedRun([place, attempt]: LogRun, filter: LogFilter): boolean {
  return (filter.place ?? place) === place && (filter.attempt ?? attempt) === attempt;
}

function isWantedLine(line: StoredLogLine, { base_ms: baseMs }: LogBlock, filter: LogFilter): boolean {
  const at = baseMs + line.offsetMs;
  return (
    (filter.stream ?? line.stream) === line.stream &&
    logLevels.indexOf(line.level) >= logLevels.indexOf(filter.level ?? 'debug') &&
    at >= (filter.sinceMs ?? 0) &&
    at < (filter.untilMs ?? Infinity) &&
    line.number >= (filter.fromLine ?? 0) &&
    line.number <= (filter.toLine ?? Infinity) &&
    (filter.text === undefined || line.text.includes(filter.text))
  );
}

/** The start of the next line with the text in it; what stands before its own text may match as well, and is looked at again by whoever asks. */
function startOfHit(lines: Buffer, needle: Buffer, from: number, end: number): number {
  const hit = lines.indexOf(needle, from);
  if (hit < 0 || hit >= end) return -1;
  // The line that was asked from is read from its start.
  const start = lines.lastIndexOf(lineFeed, hit - 1) + 1;
  return hit === 0 ? 0 : Math.max(from, start);
}

function endOfLine(lines: Buffer, from: number, end: number): number {
  const at = lines.indexOf(lineFeed, Math.min(from, end - 1));
  return at < 0 || at > end ? end : at;
}

/** Whether a block can hold a line that is wanted, by its head alone. */
export function mayHold(head: Pick<LogBlock, 'runs' | 'first_ms' | 'last_ms'>, filter: LogFilter): boolean {
  return (
    head.last_ms >= (filter.sinceMs ?? 0) &&
    head.first_ms < (filter.untilMs ?? Infinity) &&
    head.runs.some((run) => isWantedRun(run, filter))
  );
}
