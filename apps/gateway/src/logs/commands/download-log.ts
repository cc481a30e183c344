import type { Readable } from 'node:stream';
import { ProblemError, type LogText } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { Backend } from '../../nats/backend.js';
import { wantedRange, type ByteRange } from '../domain/byte-range.js';
import type { LogReader, LogReaders, ReaderOfLog } from './log-readers.js';

export interface LogDownload {
  body: Readable;
  totalBytes: number;
  /** Null: all of it. */
  range: ByteRange | null;
}

export interface WantedLog {
  jobId: string;
  taskId?: string | undefined;
  range: string | undefined;
}

/** The log of a job or a task as text, read part by part as fast as the client takes it. */
export class DownloadLog {
  constructor(
    private readonly backend: Backend,
    private readonly readers: LogReaders,
  ) {}

  async execute(wanted: WantedLog, who: ReaderOfLog, origin: Origin): Promise<LogDownload> {
    const reader = this.readers.enter(who);
    try {
      return await this.begin(wanted, reader, origin);
    } catch (error) {
      reader.leave();
      throw error;
    }
  }

  private async begin(wanted: WantedLog, reader: LogReader, origin: Origin): Promise<LogDownload> {
    const about = { job_id: wanted.jobId, ...(wanted.taskId === undefined ? {} : { task_id: wanted.taskId }) };
    const first = await reader.part(async () => partOf(await this.backend.ask('readLogText', about, origin)));
    if (!first) throw ended();
    const totalBytes = first.totalBytes ?? 0;
    const range = wantedRange(wanted.range, totalBytes);
    if (range === 'none') {
      throw new ProblemError('RANGE_NOT_SATISFIABLE', `The log has ${totalBytes} bytes. Ask for a range within them.`);
    }
    const read: ReadOn = async (where) => {
      if (!(await reader.isAdmitted())) return null;
      return reader.part(async () => partOf(await this.backend.requestWithRetry('readLogText', { ...about, ...where }, origin)));
    };
    const text = textBetween(range ?? { start: 0, end: totalBytes - 1 }, first, read, reader);
    return { body: reader.bodyOf(text, () => reader.leave()), totalBytes, range };
  }
}

/** What is known of a part beside its bytes. */
interface KnownPart {
  bytes: number;
  cursor: string | null;
  totalBytes: number | null;
}

type ReadOn = (where: { from_byte: number } | { cursor: string }) => Promise<KnownPart | null>;

function partOf({ text, skip_bytes: skipped, next_cursor: cursor, total_bytes: totalBytes }: LogText) {
  const bytes = Buffer.from(text).subarray(skipped);
  return { bytes, known: { bytes: bytes.length, cursor, totalBytes } };
}

/**
 * The bytes of a log from one to another, which is what was announced: where there are fewer of them by now, as of a log that was
 * removed meanwhile, it fails, so that nobody takes what came for the whole.
 */
async function* textBetween(
  { start, end }: ByteRange,
  first: KnownPart,
  readOn: ReadOn,
  reader: LogReader,
): AsyncGenerator<Buffer> {
  let left = end - start + 1;
  let part: KnownPart | null = start === 0 || left === 0 ? first : await readOn({ from_byte: start });
  while (left > 0) {
    if (!part) throw ended();
    reader.keepOnly(left);
    left -= Math.min(left, part.bytes);
    yield* reader.pieces();
    if (left === 0) return;
    if (part.cursor === null) throw new Error(`The log ended ${left} bytes before what was announced.`);
    part = await readOn({ cursor: part.cursor });
  }
}

function ended(): ProblemError {
  return new ProblemError(
    'OVERLOADED',
    'This download was ended: its key is no longer good, or its place went to another caller.',
    {
      retry_after: 1,
    },
  );
}
