import { createReadStream } from 'node:fs';
import { ProblemError, decodeUtf8, type TaskInput } from '@kintsugi/contracts';
import { Failure } from '../failure.js';
import { following } from './following.js';
import { parseDocument } from './parse-document.js';
import { isRecord, recognise } from './recognise.js';
import { taskLines } from './task-lines.js';
import { unpacked } from './unpacked.js';

/** A job as a file gives it; what the command line gives is laid over `head`. */
export interface Submission {
  head: Record<string, unknown>;
  /** Several jobs, each with its tasks, instead of one. */
  jobs?: Record<string, unknown>[];
  /** Tasks in full, NDJSON on its way in pieces that end with a line, or none when the worker's plan makes them. */
  tasks: TaskInput[] | AsyncIterable<string> | null;
  /** The line of the file on which the tasks begin, for NDJSON. */
  firstTaskLine: number;
}

/** A JSON document is held whole, NDJSON never. */
const documentBytesMax = 64 * 1024 * 1024;
const newline = 0x0a;

/** Reads a submission from a file, or from standard input for `-`; it may be compressed by gzip. */
export async function readSubmission(file: string): Promise<Submission> {
  const source = file === '-' ? process.stdin : createReadStream(file);
  const chunks = unpacked(source, file === '-' ? 'on standard input' : file);
  try {
    const { begun, firstLine, lineNumber, moreFollows } = await readFirstLine(chunks);
    const text = decodeUtf8(firstLine, 'line 1').replace(/^\uFEFF/, '');
    const recognised = recognise(text, moreFollows);
    if (recognised.kind === 'document') return ofDocument(await readWhole(begun, chunks), lineNumber);
    const { head } = recognised;
    const rest = head === null ? begun : begun.subarray(firstLine.length + 1);
    const firstTaskLine = head === null ? lineNumber : lineNumber + 1;
    return { head: head ?? {}, tasks: taskLines(following(rest, chunks), firstTaskLine), firstTaskLine };
  } catch (error) {
    throw readable(error, file);
  }
}

interface Beginning {
  /** Everything read so far, from the first line that is not blank on. */
  begun: Uint8Array;
  firstLine: Uint8Array;
  lineNumber: number;
  /** Whether anything but blanks comes after that line. */
  moreFollows: boolean;
}

async function readFirstLine(chunks: AsyncIterator<Uint8Array, undefined>): Promise<Beginning> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let lineNumber = 1;
  let lineEnd = -1;
  let moreFollows = false;
  while (!moreFollows) {
    const { value, done } = await chunks.next();
    if (done) break;
    const start = parts.length > 0 ? 0 : startOf(value);
    const part = value.subarray(start);
    lineNumber += linesIn(value.subarray(0, start));
    const newlineAt = lineEnd < 0 ? part.indexOf(newline) : -1;
    if (newlineAt >= 0) lineEnd = bytes + newlineAt;
    moreFollows = lineEnd >= 0 && startOf(part.subarray(newlineAt + 1)) < part.length - newlineAt - 1;
    if (part.length > 0) parts.push(part);
    bytes += part.length;
    refuseTooLarge(bytes);
  }
  const begun = Buffer.concat(parts);
  return { begun, firstLine: lineEnd < 0 ? begun : begun.subarray(0, lineEnd), lineNumber, moreFollows };
}

/** Where what is not blank begins. */
function startOf(chunk: Uint8Array): number {
  const start = chunk.findIndex((byte) => byte > 0x20);
  return start < 0 ? chunk.length : start;
}

function linesIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + (byte === newline ? 1 : 0), 0);
}

async function readWhole(begun: Uint8Array, chunks: AsyncIterator<Uint8Array, undefined>): Promise<string> {
  const parts = [begun];
  let bytes = begun.length;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return decodeUtf8(Buffer.concat(parts), 'The submission').replace(/^\uFEFF/, '');
    parts.push(value);
    bytes += value.length;
    refuseTooLarge(bytes);
  }
}

function ofDocument(text: string, firstLine: number): Submission {
  const value = parseDocument(text, firstLine);
  if (Array.isArray(value)) return { head: {}, tasks: value as TaskInput[], firstTaskLine: 1 };
  if (isRecord(value)) {
    const { tasks = null, ...head } = value;
    const { jobs, ...others } = value;
    if (Array.isArray(jobs) && jobs.every(isRecord) && Object.keys(others).length === 0) {
      return { head: {}, jobs, tasks: null, firstTaskLine: 1 };
    }
    return { head, tasks: tasks as TaskInput[] | null, firstTaskLine: 1 };
  }
  throw new Failure('USAGE', 'The submission is neither a job, nor an array of tasks, nor NDJSON.', {
    advice: 'See ./kintsugi submit --help',
  });
}

function refuseTooLarge(bytes: number): void {
  if (bytes <= documentBytesMax) return;
  throw new ProblemError(
    'BODY_TOO_LARGE',
    'A JSON document of more than 64 MiB is not read. Give its tasks as NDJSON, a task a line.',
  );
}

function readable(error: unknown, file: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    return new Failure('FILE_UNREADABLE', `There is no file ${file}.`, {
      advice: 'Give the path of a file, or - for standard input.',
    });
  }
  if (code === 'EISDIR') {
    return new Failure('FILE_UNREADABLE', `${file} is a folder.`, { advice: 'Give the path of a file in it.' });
  }
  if (code === 'EACCES') {
    return new Failure('FILE_UNREADABLE', `${file} cannot be read.`, { advice: 'Give the path of a file that you may read.' });
  }
  return error;
}
