import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync, constants } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { readSetAsideLog } from '../domain/log-retention.js';

/** A log of one process of the platform, and how much of it was read. */
interface OpenLog {
  fileName: string;
  offset: number;
  /** A character may lie across the pieces that are read. */
  decoder: StringDecoder;
  rest: string;
}

/** A line that a process of the platform has written. */
export interface PlatformLine {
  process: string;
  text: string;
}

const pieceBytes = 64 * 1024;
/** A longer line is told in parts. */
const restMax = 1024 * 1024;

/** The logs that the processes of a home have written: their ends, and then what they go on to write. */
export class PlatformLogs {
  private readonly folder: string;
  private readonly open = new Map<string, OpenLog>();

  constructor(
    home: string,
    private readonly isWanted: (process: string) => boolean = () => true,
  ) {
    this.folder = join(home, 'logs');
  }

  /** The processes that have a log. */
  get processes(): string[] {
    return [
      ...new Set(this.fileNames().map((fileName) => readSetAsideLog(fileName)?.owner ?? fileName.slice(0, -'.log'.length))),
    ].sort();
  }

  /** The last lines of each process, those of its log that was set aside last included. */
  last(lines: number): PlatformLine[] {
    const fileNames = this.fileNames().sort();
    return this.processes.filter(this.isWanted).flatMap((owner) => {
      const aside = fileNames.filter((fileName) => readSetAsideLog(fileName)?.owner === owner);
      const texts: string[] = [];
      for (const fileName of [...aside, `${owner}.log`].reverse()) {
        if (texts.length >= lines) break;
        texts.unshift(...this.endOf(fileName, lines - texts.length));
      }
      return texts.map((text) => ({ process: owner, text }));
    });
  }

  /** What was written since the last call, or since `last`. A log that was emptied is read from its beginning. */
  news(): PlatformLine[] {
    const current = this.fileNames().filter((fileName) => readSetAsideLog(fileName) === null);
    return current.flatMap((fileName) => {
      const owner = fileName.slice(0, -'.log'.length);
      if (!this.isWanted(owner)) return [];
      const log = this.open.get(fileName) ?? openAt(fileName, 0);
      this.open.set(fileName, log);
      return this.newLinesOf(log).map((text) => ({ process: owner, text }));
    });
  }

  private newLinesOf(log: OpenLog): string[] {
    return this.reading(log.fileName, (file, size) => {
      if (size < log.offset) Object.assign(log, openAt(log.fileName, 0));
      let text = log.rest;
      while (log.offset < size) {
        const piece = readPiece(file, log.offset, Math.min(pieceBytes, size - log.offset));
        if (piece.length === 0) break;
        log.offset += piece.length;
        text += log.decoder.write(piece);
      }
      const lines = text.split('\n');
      log.rest = lines.pop() ?? '';
      if (log.rest.length > restMax) {
        lines.push(log.rest);
        log.rest = '';
      }
      return lines;
    });
  }

  private endOf(fileName: string, count: number): string[] {
    return this.reading(fileName, (file, size) => {
      const pieces: Buffer[] = [];
      let found = 0;
      let start = size;
      while (start > 0 && found <= count) {
        const from = Math.max(0, start - pieceBytes);
        const piece = readPiece(file, from, start - from);
        found += piece.toString('latin1').split('\n').length - 1;
        pieces.unshift(piece);
        start = from;
      }
      if (readSetAsideLog(fileName) === null) {
        this.open.set(fileName, openAt(fileName, size));
      }
      const text = Buffer.concat(pieces).toString('utf8').trimEnd();
      return text === '' ? [] : text.split('\n').slice(-count);
    });
  }

  /** Files only: a link in the folder of logs leads nowhere. */
  private reading(fileName: string, read: (file: number, size: number) => string[]): string[] {
    try {
      const file = openSync(join(this.folder, fileName), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return read(file, fstatSync(file).size);
      } finally {
        closeSync(file);
      }
    } catch {
      // It was set aside or removed meanwhile, or is none.
      return [];
    }
  }

  private fileNames(): string[] {
    try {
      return readdirSync(this.folder).filter((name) => name.endsWith('.log') && lstatSync(join(this.folder, name)).isFile());
    } catch {
      return [];
    }
  }
}

function readPiece(file: number, from: number, length: number): Buffer {
  const piece = Buffer.alloc(length);
  return piece.subarray(0, readSync(file, piece, 0, length, from));
}

function openAt(fileName: string, offset: number): OpenLog {
  return { fileName, offset, decoder: new StringDecoder('utf8'), rest: '' };
}
