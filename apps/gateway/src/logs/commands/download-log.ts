import { Readable } from 'node:stream';
import { ProblemError } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { Backend } from '../../nats/backend.js';
import { wantedRange, type ByteRange } from '../domain/byte-range.js';

export interface LogDownload {
  body: Readable;
  totalBytes: number;
  /** Null: all of it. */
  range: ByteRange | null;
}

/** The log of a job or a task as text, read part by part as fast as the client takes it. */
export class DownloadLog {
  constructor(private readonly backend: Backend) {}

  async execute(
    asked: { jobId: string; taskId?: string | undefined; range: string | undefined },
    origin: Origin,
  ): Promise<LogDownload> {
    const { jobId, taskId } = asked;
    const about = { job_id: jobId, ...(taskId === undefined ? {} : { task_id: taskId }) };
    const first = await this.backend.ask('readLogText', about, origin);
    const totalBytes = first.total_bytes ?? 0;
    const range = wantedRange(asked.range, totalBytes);
    if (range === 'none') {
      throw new ProblemError('RANGE_NOT_SATISFIABLE', `The log has ${totalBytes} bytes. Ask for a range within them.`);
    }
    const { start, end } = range ?? { start: 0, end: totalBytes - 1 };
    const ask = (more: object) => this.backend.requestWithRetry('readLogText', { ...about, ...more }, origin);
    const parts = async function* (): AsyncGenerator<Buffer> {
      let left = end - start + 1;
      let part = start === 0 ? first : await ask({ from_byte: start });
      while (left > 0) {
        const bytes = Buffer.from(part.text).subarray(part.skip_bytes).subarray(0, left);
        left -= bytes.length;
        if (bytes.length > 0) yield bytes;
        if (part.next_cursor === null) break;
        part = await ask({ cursor: part.next_cursor });
      }
    };
    return { body: Readable.from(parts(), { objectMode: false }), totalBytes, range };
  }
}
