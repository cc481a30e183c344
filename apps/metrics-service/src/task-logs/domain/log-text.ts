import { parseLine, type LogRun } from '@kintsugi/contracts';
import type { BlockHead, LogBlock } from './log-block.js';

const timeLength = 24;
const streamLength = 6;
/** Spaces, the sign before the attempt, and the line feed. */
const signs = 5;
const lineFeed = 0x0a;

/** The bytes that a run of a block has as text. */
function textBytesOfRun(log: string, [place, attempt, lines, , text]: LogRun): number {
  return lines * (timeLength + taskIdOf(log, place).length + String(attempt).length + streamLength + signs) + text;
}

/** The bytes of a block as text. */
export function renderedBytes({ log, runs }: Pick<BlockHead, 'log' | 'runs'>): number {
  return runs.reduce((sum, run) => sum + textBytesOfRun(log, run), 0);
}

/** A part of a block as text, and where the next one begins. */
export interface RenderedPart {
  text: string;
  /** Byte in the lines of the block; their length at its end. */
  next: number;
}

/**
 * A part of a block as text: a line begins with its time, its task, the attempt and the stream, and may be many times as long as it
 * is stored.
 * @param from byte in the lines of the block at which a line begins
 * @param chars after which no further line is begun
 */
export function renderPart(block: LogBlock, from: number, chars: number): RenderedPart {
  let at = 0;
  let length = 0;
  const texts: string[] = [];
  for (const [place, attempt, , bytes] of block.runs) {
    const end = at + bytes;
    const source = `${taskIdOf(block.log, place)}#${attempt}`;
    for (let begin = Math.max(at, from); begin < end;) {
      if (length >= chars) return { text: texts.join(''), next: begin };
      const feed = block.lines.indexOf(lineFeed, begin);
      const after = feed < 0 || feed >= end ? end : feed + 1;
      const line = parseLine(block.lines.toString('utf8', begin, feed < 0 ? after : Math.min(feed, end)));
      begin = after;
      if (!line) continue;
      const time = new Date(block.base_ms + line.offsetMs).toISOString();
      const text = `${time} ${source} ${line.stream.padEnd(streamLength)} ${line.text}\n`;
      length += text.length;
      texts.push(text);
    }
    at = end;
  }
  return { text: texts.join(''), next: block.lines.length };
}

function taskIdOf(log: string, place: string): string {
  return `task_${log}.${place}`;
}
