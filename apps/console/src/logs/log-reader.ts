import type { LogLine, LogPage } from '@kintsugi/contracts';
import { describeFault } from '../api/problem.js';
import { get, prefix } from '../api/request.js';
import { noLines, withLines, type KnownLines } from './domain/log-lines.js';

/** stream: lines come as they are stored. asking: the stream was cut, so it is asked now and then. paused: neither. */
export type Connection = 'stream' | 'asking' | 'paused' | 'over';

export interface FollowedLog extends KnownLines {
  connection: Connection;
  fault: string | null;
  isLoading: boolean;
  /** More is stored than was read, and is read when it is asked for. */
  hasMore: boolean;
}

export const nothingRead: FollowedLog = { ...noLines, connection: 'stream', fault: null, isLoading: true, hasMore: false };

const askEveryMs = 2_000;
const pageLines = 1_000;
/** A stream that is cut so often without a line between is not waited for: the log is asked for instead, for a while. */
const cutsMax = 2;
const asksBeforeStream = 15;

type Tell = (change: (before: FollowedLog) => FollowedLog) => void;

/** Reads one log, by a stream where it can be had. */
export class LogReader {
  private readonly path: string;
  private readonly gone = new AbortController();
  private source: EventSource | null = null;
  private isOver = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private cuts = 0;
  private asks = 0;
  private isReading = false;

  /** @param cursor how far the log is read; it outlives the reader */
  constructor(
    jobId: string,
    private readonly query: Record<string, string | number>,
    private readonly cursor: { current: string | null },
    private readonly tell: Tell,
  ) {
    this.path = `/v1/jobs/${encodeURIComponent(jobId)}/logs`;
  }

  follow(): void {
    const given = Object.entries({ ...this.rest(), follow: 'true' }).map(([name, value]) => [name, String(value)]);
    const source = new EventSource(`${prefix}${this.path}?${new URLSearchParams(given).toString()}`);
    this.source = source;
    this.tell((before) => ({ ...before, connection: 'stream', hasMore: false }));
    source.addEventListener('open', () => this.tell((before) => ({ ...before, isLoading: false, fault: null })));
    source.addEventListener('lines', (event: MessageEvent<string>) => {
      this.cuts = 0;
      this.take(JSON.parse(event.data) as LogLine[], event.lastEventId || null, false);
    });
    source.addEventListener('closing', () => (this.cuts = 0));
    source.addEventListener('end', () => {
      source.close();
      this.take([], this.cursor.current, true);
    });
    source.addEventListener('error', () => this.cut());
  }

  /** Reads what there is once, and no more unless it is asked for. */
  pause(): void {
    this.tell((before) => ({ ...before, connection: before.isOver ? 'over' : 'paused' }));
    if (this.cursor.current === null) this.readOn();
  }

  readOn(): void {
    if (!this.isReading) void this.ask();
  }

  stop(): void {
    this.gone.abort();
    clearTimeout(this.timer);
    this.source?.close();
  }

  /** What is asked for, from where it was read to. */
  private rest(): Record<string, string | number> {
    if (this.cursor.current === null) return this.query;
    const { last: _, ...rest } = this.query;
    return { ...rest, cursor: this.cursor.current };
  }

  private cut(): void {
    this.cuts += 1;
    if (this.cuts < cutsMax && this.source?.readyState !== EventSource.CLOSED) return;
    this.source?.close();
    this.asks = 0;
    this.tell((before) => ({ ...before, connection: 'asking' }));
    void this.askOn();
  }

  private async askOn(): Promise<void> {
    await this.ask();
    if (this.gone.signal.aborted || this.isOver) return;
    this.asks += 1;
    this.timer = setTimeout(() => {
      this.cuts = 0;
      if (this.asks >= asksBeforeStream) this.follow();
      else void this.askOn();
    }, askEveryMs);
  }

  private async ask(): Promise<void> {
    this.isReading = true;
    try {
      const page = await get<LogPage>(this.path, { ...this.rest(), limit: pageLines }, this.gone.signal);
      this.take(page.lines, page.next_cursor, page.at_end && page.is_over);
      this.tell((before) => ({ ...before, hasMore: !page.at_end }));
    } catch (error) {
      if (!this.gone.signal.aborted) this.tell((before) => ({ ...before, isLoading: false, fault: describeFault(error) }));
    } finally {
      this.isReading = false;
    }
  }

  private take(lines: readonly LogLine[], cursor: string | null, isOver: boolean): void {
    if (this.gone.signal.aborted) return;
    this.cursor.current = cursor ?? this.cursor.current;
    this.isOver ||= isOver;
    if (isOver) clearTimeout(this.timer);
    this.tell((before) => ({
      ...before,
      ...withLines(before, lines, cursor, isOver),
      ...(isOver ? { connection: 'over' as const } : {}),
      isLoading: false,
      fault: null,
    }));
  }
}
