import { Readable } from 'node:stream';
import { every, guarded } from '@kintsugi/boundary';
import type { Place } from '../../shares/domain/fair-shares.js';
import { Room } from '../../shares/domain/room.js';
import type { MeteredShares } from '../../shares/metered-shares.js';

/** Who reads a log over one connection. */
export interface ReaderOfLog {
  /** Holds the place that the connection takes. */
  callerName: string;
  /** Asked now and then: no reading outlives the key that began it. */
  isStillAdmitted: () => Promise<boolean>;
}

export interface LogReaderLimits {
  heartbeatIntervalMs: number;
  stallTimeoutMs: number;
}

/** Parts of logs that are in memory at once, for all readers: a part may take half a megabyte, as it came and as it goes out. */
const partsMax = 64;
/** While others wait for room, a part is held for its reader no longer than this, or a few looks. */
const heldWhileWantedMs = 3_000;
const lookEveryMs = 1_000;
/** What is handed over at once: behind it a connection that takes nothing holds no more. */
const pieceBytes = 32 * 1024;
const bodyBytesMax = 64 * 1024;
const nothing = Buffer.alloc(0);

/**
 * One connection by which a log is read, part by part. A part is read once there is room for it, and makes room when the reader has
 * taken it.
 */
export class LogReader {
  private readonly ended = new AbortController();
  /** Since when a part waits to be taken. */
  private offeredAt: number | null = null;
  private giveRoom: (() => void) | null = null;
  private rest: Buffer = nothing;
  private admittedAt = performance.now();

  constructor(
    private readonly who: ReaderOfLog,
    private readonly readers: LogReaders,
    private readonly limits: LogReaderLimits,
  ) {}

  /** Aborted when the reader has to come back, to this gateway or another. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** What goes out over the connection. Where that is closed, the reader waits for nothing more, such as room or news, and leaves. */
  bodyOf(pieces: AsyncGenerator<Buffer>, onClosed: () => void): Readable {
    const iterator = {
      next: () => pieces.next(),
      return: () => {
        this.dismiss();
        return pieces.return(undefined);
      },
    };
    const body = Readable.from({ [Symbol.asyncIterator]: () => iterator }, { objectMode: false, highWaterMark: bodyBytesMax });
    body.once('close', guarded('log-readers.close', onClosed));
    this.cut = () => body.destroy();
    return body;
  }

  /** Closes the connection at once. */
  cut: () => void = () => this.dismiss();

  dismiss(): void {
    this.ended.abort();
  }

  /**
   * Reads a part, whose bytes `pieces` hands over, and tells what is known of it; null where the reader is ended before. The bytes are
   * kept here alone, so that nothing of a part is left in memory once it was taken.
   */
  async part<Known>(read: () => Promise<{ bytes: Buffer; known: Known }>): Promise<Known | null> {
    this.giveRoom ??= await this.readers.room.take(this.signal, this.who.callerName);
    if (!this.giveRoom) return null;
    try {
      const { bytes, known } = await read();
      this.rest = bytes;
      return known;
    } finally {
      if (this.rest.length === 0) this.giveBack();
    }
  }

  /** What is left of the part, in pieces that are copies: one that waits in a connection keeps nothing else in memory. */
  *pieces(): Generator<Buffer> {
    while (this.rest.length > 0) {
      this.offeredAt = performance.now();
      yield this.nextPiece();
    }
    this.giveBack();
  }

  /** Leaves out what of the part stands behind so many bytes. */
  keepOnly(bytes: number): void {
    this.rest = this.rest.subarray(0, bytes);
  }

  /** A few words beside the parts. */
  *saying(words: string): Generator<Buffer> {
    this.offeredAt = performance.now();
    yield Buffer.from(words);
    this.offeredAt = null;
  }

  giveBack(): void {
    this.offeredAt = null;
    this.rest = nothing;
    this.giveRoom?.();
    this.giveRoom = null;
  }

  /** Whether the key that let it in is still good, as far as that was asked lately. */
  async isAdmitted(): Promise<boolean> {
    if (performance.now() - this.admittedAt < this.limits.heartbeatIntervalMs) return true;
    if (!(await this.who.isStillAdmitted())) return false;
    this.admittedAt = performance.now();
    return true;
  }

  /** For how long it has taken nothing of what waits for it. */
  stalledMs(now: number): number {
    return this.offeredAt === null ? 0 : now - this.offeredAt;
  }

  /** It reads no more. */
  leave(): void {
    this.dismiss();
    this.giveBack();
    this.readers.leave(this);
  }

  private nextPiece(): Buffer {
    const piece = Buffer.from(this.rest.subarray(0, pieceBytes));
    this.rest = this.rest.subarray(piece.length);
    return piece;
  }
}

/** All who read logs at this gateway: few enough, holding little enough, and none of them for ever without taking anything. */
export class LogReaders {
  private readonly places = new Map<LogReader, Place>();
  readonly room = new Room(partsMax);
  private readonly watch: NodeJS.Timeout;

  constructor(
    private readonly shares: MeteredShares,
    private readonly limits: LogReaderLimits,
  ) {
    this.watch = every('log-readers.watch', lookEveryMs, () => this.cutStalled(performance.now())).unref();
  }

  get size(): number {
    return this.places.size;
  }

  enter(who: ReaderOfLog): LogReader {
    const reader: LogReader = new LogReader(who, this, this.limits);
    this.places.set(
      reader,
      this.shares.take(who.callerName, () => reader.dismiss()),
    );
    return reader;
  }

  leave(reader: LogReader): void {
    this.places.get(reader)?.release();
    this.places.delete(reader);
  }

  close(): void {
    clearInterval(this.watch);
    for (const reader of this.places.keys()) reader.dismiss();
  }

  cutStalled(now: number): void {
    const { stallTimeoutMs } = this.limits;
    const most = this.room.isWanted ? Math.min(heldWhileWantedMs, stallTimeoutMs) : stallTimeoutMs;
    for (const reader of [...this.places.keys()]) {
      if (reader.stalledMs(now) < most) continue;
      this.shares.countSlow();
      reader.cut();
    }
  }
}
