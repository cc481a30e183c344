import { linePrefix, type LogLevel, type LogPart, type LogRun, type LogStream } from '@kintsugi/contracts';
import type { LogBlock } from './domain/log-block.js';

/** A line as a test gives it: its text alone, or more of it. */
export type GivenLine = string | { text: string; stream?: LogStream; level?: LogLevel; atMs?: number; number?: number };

/** Lines of one run as they travel, for tests. */
export function runOf(place: string, attempt: number, lines: readonly GivenLine[]): { run: LogRun; body: string } {
  const texts = lines.map((given) => (typeof given === 'string' ? { text: given } : given));
  const body = texts
    .map(({ text, stream = 'stdout', level = 'info', atMs = 0, ...rest }, index) => {
      const number = ('number' in rest ? rest.number : undefined) ?? index + 1;
      return `${linePrefix({ offsetMs: atMs, number, stream, level, partial: false })}${text}\n`;
    })
    .join('');
  const textBytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return { run: [place, attempt, lines.length, Buffer.byteLength(body), textBytes], body };
}

/** A part of a batch with its lines, for tests. */
export function partOf(log: string, runs: readonly ReturnType<typeof runOf>[], over: Partial<LogPart> = {}) {
  const part: LogPart = { log, bundled: false, base_ms: 0, first_ms: 0, last_ms: 0, runs: runs.map(({ run }) => run), ...over };
  return { part, body: runs.map(({ body }) => body).join('') };
}

/** A block, for tests. */
export function blockWith(
  log: string,
  key: string,
  runs: readonly ReturnType<typeof runOf>[],
  over: Partial<LogBlock> = {},
): LogBlock {
  const { part, body } = partOf(log, runs);
  return { ...part, key, from: `worker#${key}`, lines: Buffer.from(body), ...over };
}
