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
const group = '*';

/** All of a line but its text. */
export function linePrefix(line: Omit<StoredLogLine, 'text'>): string {
  return `${placeText(line)}${line.partial ? part : whole}\t`;
}

/** Lines of one moment, stream and level, all of them whole, whose numbers follow each other. */
export interface LineGroup extends Omit<StoredLogLine, 'partial' | 'text'> {
  /** How many there are; `number` is that of the first. */
  lines: number;
}

/** Bytes of each line of a group at least, in the mean and with its line feed. Shorter ones are not grouped. */
export const groupedBytesMin = 8;

/** What stands before the texts of a group, each of which has its line feed and nothing else: they travel and are stored as they were written. */
export function groupHead(head: LineGroup): string {
  return `${placeText(head)}${group}${head.lines.toString(radix)}\n`;
}

/** When and where a line was written. */
type LinePlace = Pick<StoredLogLine, 'offsetMs' | 'number' | 'stream' | 'level'>;

function placeText({ offsetMs, number, stream, level }: LinePlace): string {
  const letters = `${streamLetters[logStreams.indexOf(stream)]}${levelLetters[logLevels.indexOf(level)]}`;
  return `${offsetMs.toString(radix)}\t${number.toString(radix)}\t${letters}`;
}

const placePattern = '^([0-9a-z]{1,11})\\t([0-9a-z]{1,10})\\t([oeln])([diwe])';

function placeOf([, offset, number, stream, level]: RegExpExecArray): LinePlace {
  return {
    offsetMs: Number.parseInt(offset as string, radix),
    number: Number.parseInt(number as string, radix),
    stream: logStreams[streamLetters.indexOf(stream as string)] as LogStream,
    level: logLevels[levelLetters.indexOf(level as string)] as LogLevel,
  };
}

const groupPattern = new RegExp(`${placePattern}\\*([0-9a-z]{1,6})$`);

/** Null for what is no head of a group. It is given without its line feed. */
export function parseGroupHead(line: string): LineGroup | null {
  const found = groupPattern.exec(line);
  return found && { ...placeOf(found), lines: Number.parseInt(found[5] as string, radix) };
}

const linePattern = new RegExp(`${placePattern}([.+])\\t`);

/** Null for what is no line. */
export function parseLine(line: string): StoredLogLine | null {
  const found = linePattern.exec(line);
  return found && { ...placeOf(found), partial: found[5] === part, text: line.slice(found[0].length) };
}
