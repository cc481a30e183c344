import { createReadStream } from 'node:fs';
import { ProblemError, decodeUtf8, parseJson, type TaskInput } from '@kintsugi/contracts';
import { Failure } from '../failure.js';
import { isRecord, recognise } from './recognise.js';

/** A job as a file gives it; what the command line gives is laid over `head`. */
export interface Submission {
  head: Record<string, unknown>;
  /** Tasks in full, NDJSON on its way, or none when the worker's plan makes them. */
  tasks: TaskInput[] | AsyncIterable<Uint8Array> | null;
}

/** A JSON document is held whole, NDJSON never. */
const documentBytesMax = 64 * 1024 * 1024;
const newline = 0x0a;

/** Reads a submission from a file, or from standard input for `-`. */
export async function readSubmission(file: string): Promise<Submission> {
  const source = file === '-' ? process.stdin : createReadStream(file);
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    const { begun, firstLine, ended } = await readFirstLine(chunks);
    const text = decodeUtf8(firstLine, 'line 1').replace(/^\uFEFF/, '');
    const recognised = recognise(text, !ended || begun.subarray(firstLine.length).some((byte) => byte > 0x20));
    if (recognised.kind === 'document') return ofDocument(await readWhole(begun, chunks));
    const rest = recognised.head === null ? begun : begun.subarray(firstLine.length);
    return { head: recognised.head ?? {}, tasks: following(rest, chunks) };
  } catch (error) {
    throw readable(error, file);
  }
}

/** The first line that is not blank, and everything read so far from its beginning on. */
async function readFirstLine(
  chunks: AsyncIterator<Uint8Array>,
): Promise<{ begun: Uint8Array; firstLine: Uint8Array; ended: boolean }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { value, done } = await chunks.next();
    const part = done ? new Uint8Array() : parts.length > 0 ? value : value.subarray(startOf(value));
    const end = part.indexOf(newline);
    if (part.length > 0) parts.push(part);
    if (done || end >= 0) {
      const begun = Buffer.concat(parts);
      return { begun, firstLine: done ? begun : begun.subarray(0, bytes + end), ended: done === true };
    }
    bytes += part.length;
    refuseTooLarge(bytes);
  }
}

/** Where what is not blank begins. */
function startOf(chunk: Uint8Array): number {
  const start = chunk.findIndex((byte) => byte > 0x20);
  return start < 0 ? chunk.length : start;
}

async function readWhole(begun: Uint8Array, chunks: AsyncIterator<Uint8Array>): Promise<string> {
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

async function* following(begun: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (begun.length > 0) yield begun;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return;
    yield value;
  }
}

function ofDocument(text: string): Submission {
  const value = parseJson(text, 'The submission');
  if (Array.isArray(value)) return { head: {}, tasks: value as TaskInput[] };
  if (isRecord(value)) {
    const { tasks = null, ...head } = value;
    return { head, tasks: tasks as TaskInput[] | null };
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
  if (code === 'ENOENT')
    return new Failure('FILE_UNREADABLE', `There is no file ${file}.`, {
      advice: 'Give the path of a file, or - for standard input.',
    });
  if (code === 'EISDIR' || code === 'EACCES')
    return new Failure('FILE_UNREADABLE', `${file} cannot be read.`, { advice: 'Give the path of a file that you may read.' });
  return error;
}
