import { groupedBytesMin, linePrefix, parseGroupHead, type LineGroup, type LogRun } from '@kintsugi/contracts';
import type { LogBlock } from './log-block.js';

const lineFeed = 0x0a;
const star = '*'.charCodeAt(0);
/** No head of a group is longer. */
const headMax = 40;
const prefixMax = 40;

/**
 * A block in which each line says by itself what it is, which lines of a group do not. They are stored as they came, because most are never
 * read; whoever reads them has them so, and counts bytes by them.
 */
export function ungrouped<Block extends Pick<LogBlock, 'runs' | 'lines'>>(block: Block): Block {
  if (!block.lines.includes(star)) return block;
  const pieces: Buffer[] = [];
  let at = 0;
  let hasGroups = false;
  const runs = block.runs.map((run): LogRun => {
    const lines = block.lines.subarray(at, at + run[3]);
    at += run[3];
    const own = linesOf(lines);
    hasGroups ||= own !== lines;
    pieces.push(own);
    return own === lines ? run : [run[0], run[1], run[2], own.length, run[4]];
  });
  return hasGroups ? { ...block, runs, lines: Buffer.concat(pieces) } : block;
}

/** The lines of a run; the same bytes where no group is among them. */
function linesOf(lines: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let told = 0;
  for (let at = 0; at < lines.length;) {
    const end = endOfLine(lines, at);
    const group = groupAt(lines, at, end);
    if (!group) {
      at = end + 1;
      continue;
    }
    const found = linesOfGroup(lines, Math.min(lines.length, end + 1), group);
    // Nobody of ours wrote it, and whatever follows may be as bad: to look at it all would take a square of its length.
    if (!found) break;
    if (told < at) pieces.push(lines.subarray(told, at));
    pieces.push(found.piece);
    told = at = found.next;
  }
  if (pieces.length === 0) return lines;
  if (told < lines.length) pieces.push(lines.subarray(told));
  return Buffer.concat(pieces);
}

/** A head that promises shorter lines than any group has is none: what is read would become many times as long as what was stored. */
function groupAt(lines: Buffer, from: number, end: number): LineGroup | null {
  if (end - from > headMax || !lines.subarray(from, end).includes(star)) return null;
  const group = parseGroupHead(lines.toString('latin1', from, end));
  return group && group.lines * groupedBytesMin <= lines.length - end ? group : null;
}

/** Null where its lines are shorter than those of any group, though others behind them are not. */
function linesOfGroup(lines: Buffer, from: number, group: LineGroup): { piece: Buffer; next: number } | null {
  const ends: number[] = [];
  let next = from;
  for (; ends.length < group.lines && next < lines.length; next = ends.at(-1) as number) {
    ends.push(Math.min(lines.length, endOfLine(lines, next) + 1));
  }
  if (ends.length * groupedBytesMin > next - from) return null;
  const piece = Buffer.allocUnsafe(next - from + ends.length * prefixMax);
  let length = 0;
  let begin = from;
  ends.forEach((end, line) => {
    length += piece.write(linePrefix({ ...group, number: group.number + line, partial: false }), length, 'latin1');
    length += lines.copy(piece, length, begin, end);
    begin = end;
  });
  return { piece: piece.subarray(0, length), next };
}

function endOfLine(lines: Buffer, from: number): number {
  const end = lines.indexOf(lineFeed, from);
  return end < 0 ? lines.length : end;
}
