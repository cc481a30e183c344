import { parseLine, type LogRun } from '@kintsugi/contracts';
import type { BlockHead, LogBlock } from './log-block.js';

const timeLength = 24;
const streamLength = 6;
/** Spaces, the sign before the attempt, and the line feed. */
const signs = 5;

/** The bytes that a run of a block has as text. */
function textBytesOfRun(log: string, [place, attempt, lines, , text]: LogRun): number {
  return lines * (timeLength + taskIdOf(log, place).length + String(attempt).length + streamLength + signs) + text;
}

/** The bytes of a block as text. */
export function renderedBytes({ log, runs }: Pick<BlockHead, 'log' | 'runs'>): number {
  return runs.reduce((sum, run) => sum + textBytesOfRun(log, run), 0);
}

/** A block as text: a line begins with its time, its task, the attempt and the stream. */
export function renderBlock(block: LogBlock): string {
  let at = 0;
  const texts: string[] = [];
  for (const run of block.runs) {
    const [place, attempt, , bytes] = run;
    const source = `${taskIdOf(block.log, place)}#${attempt}`;
    for (const stored of block.lines.toString('utf8', at, at + bytes).split('\n')) {
      const line = parseLine(stored);
      if (!line) continue;
      const time = new Date(block.base_ms + line.offsetMs).toISOString();
      texts.push(`${time} ${source} ${line.stream.padEnd(streamLength)} ${line.text}\n`);
    }
    at += bytes;
  }
  return texts.join('');
}

function taskIdOf(log: string, place: string): string {
  return `task_${log}.${place}`;
}
