import { zstdCompressSync } from 'node:zlib';
import { linePrefix, logIdOf, subjects, type LogBatch, type LogReceipt, type LogRun } from '@kintsugi/contracts';
import { Bus } from '@kintsugi/messaging';
import { logLine } from '../domain/log-lines.js';
import { monotonicMs } from './monotonic-clock.js';

export interface FilledLog {
  bytes: number;
  tookMs: number;
  /** Some of what was sent, packed as it is stored. */
  packed: Buffer[];
}

interface Body {
  body: Buffer;
  run: LogRun;
}

/** Characters of one message, as workers send them. */
const batchChars = 256 * 1_024;
/** Messages that are made once and sent in turns: to make them would take longer than to take them in. */
const bodies = 32;
/** Workers that write at once, each with one message under way. */
const senders = 4;
const timeoutMs = 30_000;

/** Fills the log of a job as workers do: by messages, each sent once the one before is receipted. One line in the middle holds a text that no other has. */
export async function fillLog(natsUrl: string, jobId: string, bytes: number, needle: string): Promise<FilledLog> {
  const prepared = Array.from({ length: bodies }, (_, n) => bodyOf(linesFrom(n * batchChars)));
  const hiding = bodyOf([...linesFrom(bodies * batchChars), needle]);
  const bus = await Bus.connect({ servers: natsUrl, name: 'bench-filler' });
  const startedAtMs = monotonicMs();
  let [sent, turn] = [0, 0];
  let hidden = false;
  const send = async (sender: number): Promise<void> => {
    for (let sequence = 1; sent < bytes; sequence += 1) {
      const isMiddle = !hidden && sent >= bytes / 2;
      hidden ||= isMiddle;
      const next = isMiddle ? hiding : (prepared[turn % bodies] as Body);
      turn += 1;
      sent += next.run[4];
      const message = messageOf(jobId, `bench-filler-${sender}`, sequence, next);
      const receipt = await bus.ask(subjects.taskLogs, message, { timeoutMs });
      if (receipt.json<LogReceipt>().full) throw new Error('The log is full.');
    }
  };
  try {
    await Promise.all(Array.from({ length: senders }, (_, sender) => send(sender)));
    const tookMs = monotonicMs() - startedAtMs;
    return { bytes: sent, tookMs, packed: prepared.map(({ body }) => zstdCompressSync(body)) };
  } finally {
    await bus.close();
  }
}

/** The lines of one message; no two messages have one in common. */
function linesFrom(first: number): string[] {
  const texts: string[] = [];
  for (let chars = 0; chars < batchChars; chars += texts.at(-1)?.length ?? 0) texts.push(logLine(first + texts.length));
  return texts;
}

function bodyOf(texts: readonly string[]): Body {
  const lines = texts.map((text, index) => {
    return `${linePrefix({ offsetMs: 0, number: index + 1, stream: 'stdout', level: 'info', partial: false })}${text}\n`;
  });
  const body = Buffer.from(lines.join(''));
  return { body, run: ['0.0', 1, texts.length, body.length, texts.reduce((sum, { length }) => sum + length, 0)] };
}

function messageOf(jobId: string, workerId: string, sequence: number, { run, body }: Body): Buffer {
  const now = Date.now();
  const part = { log: logIdOf(jobId), bundled: false, base_ms: now, first_ms: now, last_ms: now, runs: [run] };
  const batch: LogBatch = { v: 1, worker_id: workerId, sequence, again: false, dropped: 0, parts: [part] };
  return Buffer.concat([Buffer.from(`${JSON.stringify(batch)}\n`), body]);
}
