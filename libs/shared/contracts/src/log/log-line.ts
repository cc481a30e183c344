/** What a line of a log comes from. `note`: the platform says that lines are missing. */
export const logStreams = ['stdout', 'stderr', 'log', 'note'] as const;

export type LogStream = (typeof logStreams)[number];

/** From least to most. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof logLevels)[number];

/** A line as it travels and is stored, without the end of the line. */
export interface StoredLogLine {
  /** Milliseconds since the base of its part. */
  offsetMs: number;
  /** Its number in its run, from 1. */
  number: number;
  stream: LogStream;
  level: LogLevel;
  /** It goes on in the next line of its stream, or is the last and has no end. */
  partial: boolean;
  text: string;
}

const radix = 36;
const streamLetters = 'oeln';
const levelLetters = 'diwe';
const whole = '.';
const part = '+';

/** All of a line but its text. */
export function linePrefix({ offsetMs, number, stream, level, partial }: Omit<StoredLogLine, 'text'>): string {
  const letters = `${streamLetters[logStreams.indexOf(stream)]}${levelLetters[logLevels.indexOf(level)]}${partial ? part : whole}`;
  return `${offsetMs.toString(radix)}\t${number.toString(radix)}\t${letters}\t`;
}

const linePattern = /^([0-9a-z]{1,11})\t([0-9a-z]{1,10})\t([oeln])([diwe])([.+])\t/;

/** Null for what is no line. */
export function parseLine(line: string): StoredLogLine | null {
  const [prefix, offset, number, stream, level, end] = linePattern.exec(line) ?? [];
  if (prefix === undefined) return null;
  return {
    offsetMs: Number.parseInt(offset as string, radix),
    number: Number.parseInt(number as string, radix),
    stream: logStreams[streamLetters.indexOf(stream as string)] as LogStream,
    level: logLevels[levelLetters.indexOf(level as string)] as LogLevel,
    partial: end === part,
    text: line.slice(prefix.length),
  };
}
