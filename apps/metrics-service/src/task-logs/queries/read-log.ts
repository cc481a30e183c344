import { Injectable } from '@nestjs/common';
import type { LogLine } from '@kintsugi/contracts';
import { cursorOf, endOf, firstKeyAfter, placeOf, type LogPlace } from '../domain/log-cursor.js';
import { blockOf } from '../domain/log-block.js';
import { findLines, type LogFilter } from '../domain/log-filter.js';
import { renderPart, renderedBytes } from '../domain/log-text.js';
import { LogStore } from '../log-store.js';

export interface LinesQuery {
  /** The log's id, as `logIdOf` tells it. */
  log: string;
  filter: LogFilter;
  limit: number;
  cursor?: string | undefined;
  /** Begin so many lines before the end. */
  last?: number | undefined;
}

export interface LinesPage {
  lines: LogLine[];
  next_cursor: string | null;
  at_end: boolean;
}

export interface TextPage {
  text: string;
  skip_bytes: number;
  next_cursor: string | null;
  total_bytes: number | null;
}

/** Bytes of lines in one answer, as far as they are counted: a message has bounds, of 1 MiB in some installations. */
const answerBytes = 256 * 1024;
/** Lines that are looked for at once. */
const portion = 10;
/** Characters of one part of a block as text; escaped, six times as many bytes still fit beside an answer that is nearly full. */
const partChars = 64 * 1024;
/** What is found so far is answered after this long, and the search goes on with the next question. */
const searchMs = 4_000;

/** Reads what tasks have written. Whether the reader may see it is for others to say. */
@Injectable()
export class ReadLog {
  constructor(private readonly store: LogStore) {}

  async lines(query: LinesQuery): Promise<LinesPage> {
    if (query.last !== undefined && query.cursor === undefined) return this.lastLines(query, query.last);
    const { log, filter, limit, cursor } = query;
    const until = performance.now() + searchMs;
    const given = cursor === undefined ? null : placeOf(cursor);
    let place: LogPlace | null = given;
    const lines: LogLine[] = [];
    let chars = 0;
    for await (const block of this.store.read({ log, from: given ? firstKeyAfter(given) : undefined, filter })) {
      let offset = given?.key === block.key ? given.offset : 0;
      // By portions, so that an answer stays small whatever the lines are.
      while (offset < block.lines.length) {
        const found = findLines(block, filter, offset, Math.min(portion, limit - lines.length));
        lines.push(...found.lines);
        chars += found.lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 160, 0);
        offset = found.offset;
        place = offset < block.lines.length ? { key: block.key, offset } : endOf(block.key);
        if (lines.length >= limit || chars >= answerBytes || performance.now() >= until) {
          return { lines, next_cursor: cursorOf(place), at_end: false };
        }
      }
    }
    return { lines, next_cursor: place && cursorOf(place), at_end: true };
  }

  /**
   * A part of the log as text. Bytes are counted through the heads of its blocks, and only what is told is unpacked. A block may be
   * many times as long as text: it is told in parts, each of which a message takes.
   */
  async text(query: { log: string; filter: LogFilter; fromByte: number; cursor?: string | undefined }): Promise<TextPage> {
    const { log, filter, fromByte, cursor } = query;
    const start = cursor === undefined ? await this.startOfText(log, filter, fromByte) : null;
    const given = cursor === undefined ? null : placeOf(cursor);
    const from = start ? start.key : given && firstKeyAfter(given);
    const total_bytes = start?.total ?? null;
    const texts: string[] = [];
    let skip = start?.skip ?? 0;
    let bytes = 0;
    if (from !== null) {
      for await (const block of this.store.read({ log, from, filter })) {
        const wanted = blockOf(block, ([place]) => (filter.place ?? place) === place);
        let offset = given?.key === block.key ? given.offset : 0;
        while (wanted && offset < wanted.lines.length) {
          const part = renderPart(wanted, offset, partChars);
          offset = part.next;
          const length = Buffer.byteLength(part.text);
          // What is not asked for is left out by the part, so that the beginning of what is told is in the first one.
          if (bytes === 0 && skip >= length) {
            skip -= length;
            continue;
          }
          texts.push(part.text);
          bytes += Buffer.byteLength(JSON.stringify(part.text));
          if (bytes < answerBytes) continue;
          const place = offset < wanted.lines.length ? { key: block.key, offset } : endOf(block.key);
          return { text: texts.join(''), skip_bytes: skip, next_cursor: cursorOf(place), total_bytes };
        }
      }
    }
    return { text: texts.join(''), skip_bytes: texts.length > 0 ? skip : 0, next_cursor: null, total_bytes };
  }

  private async startOfText(log: string, filter: LogFilter, fromByte: number) {
    let total = 0;
    let start: { key: string; skip: number } | null = null;
    for (const head of await this.store.outline({ log, filter })) {
      const bytes = renderedBytes({ log, runs: head.runs.filter(([place]) => (filter.place ?? place) === place) });
      if (!start && total + bytes > fromByte) start = { key: head.key, skip: fromByte - total };
      total += bytes;
    }
    return { key: start?.key ?? null, skip: start?.skip ?? 0, total };
  }

  private async lastLines({ log, filter }: LinesQuery, last: number): Promise<LinesPage> {
    const pages: LogLine[][] = [];
    let place: LogPlace | null = null;
    let [count, chars] = [0, 0];
    for await (const block of this.store.read({ log, filter, newestFirst: true })) {
      place ??= endOf(block.key);
      const { lines } = findLines(block, filter, 0, Infinity);
      let from = lines.length;
      while (from > 0 && count < last && chars < answerBytes) {
        from -= 1;
        count += 1;
        chars += (lines[from]?.text.length ?? 0) + 160;
      }
      pages.push(lines.slice(from));
      if (count >= last || chars >= answerBytes) break;
    }
    return { lines: pages.reverse().flat(), next_cursor: place && cursorOf(place), at_end: true };
  }
}
