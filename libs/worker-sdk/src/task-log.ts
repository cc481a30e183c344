import { groupHead, limits, linePrefix, type LogLevel, type LogRun, type LogStream } from '@kintsugi/contracts';
import { LogAllowance } from './domain/log-allowance.js';
import { bundleOverhead, LineBundle } from './line-bundle.js';
import { LineCutter } from './line-cutter.js';
import type { LogSender } from './log-sender.js';
import { packLines } from './pack-lines.js';
import type { SecretMask } from './secret-mask.js';

/** Bytes of one run that may wait to be sent. */
const pendingMax = 1024 * 1024;

/** Lines of a run that leave in one message. */
export interface TakenLines {
  /** In their order. */
  pieces: Buffer[];
  /** Of all of them. */
  bytes: number;
  run: LogRun;
  firstMs: number;
  lastMs: number;
}

/** Which run of which task a log is of. */
export interface LoggedRun {
  jobId: string;
  taskId: string;
  attempt: number;
}

/** What one run of a task has written and is not sent yet: bounded, and what exceeds it is counted and said. */
export class TaskLog {
  private pending: LineBundle[] = [];
  private pendingBytes = 0;
  private number = 0;
  private lostLines = 0;
  private lostBytes = 0;
  private readonly allowance = new LogAllowance();
  private readonly cutters: Record<'stdout' | 'stderr', LineCutter>;

  constructor(
    readonly run: LoggedRun,
    private readonly sender: LogSender,
    mask: () => SecretMask,
  ) {
    const cutter = (stream: LogStream, level: LogLevel): LineCutter =>
      new LineCutter(
        mask,
        (text, partial) => this.add(stream, level, text, partial),
        (text) => this.addMany(stream, level, text),
        { isWanted: () => sender.isCompact, onBytes: (bytes, lines) => this.addGroup(stream, level, bytes, lines) },
      );
    this.cutters = { stdout: cutter('stdout', 'info'), stderr: cutter('stderr', 'warn') };
  }

  get hasPending(): boolean {
    return this.pending.length > 0;
  }

  /** A text of the handler's, masked already. */
  write(text: string, level: LogLevel): void {
    if (this.sender.isFull(this.run.jobId)) return;
    const lines = text.split('\n');
    if (this.hasRoomFor(text.length)) {
      this.sayLost();
      for (const line of lines) this.addPieces(line, level);
    } else this.lose(lines.length, text.length);
  }

  /** What a command writes, as it comes. */
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    if (this.sender.isFull(this.run.jobId)) return;
    if (this.hasRoomFor(bytes.length)) {
      this.sayLost();
      this.cutters[stream].push(bytes);
    } else this.lose(this.cutters[stream].skip(bytes), bytes.length);
  }

  /** The run is over. */
  end(): void {
    this.cutters.stdout.end();
    this.cutters.stderr.end();
    this.sayLost();
  }

  /** Takes out what may leave now, up to so many bytes, or one bundle. */
  take(bytesMax: number): TakenLines | null {
    const [first] = this.pending;
    if (!first) return null;
    let [bundles, lines, bytes, prefixes] = [0, 0, 0, 0];
    for (const bundle of this.pending) {
      if (bundles > 0 && bytes + bundle.size > bytesMax) break;
      bytes += bundle.size;
      prefixes += bundle.prefixes;
      lines += bundle.lines;
      bundles += 1;
    }
    const taken = this.pending.splice(0, bundles);
    this.pendingBytes -= bytes;
    this.sender.held -= bytes;
    this.sender.heldBundles -= bundles;
    const { taskId, attempt } = this.run;
    return {
      ...{ pieces: taken.map((bundle) => bundle.bytes), bytes },
      run: [taskId.slice('task_'.length + 37), attempt, lines, bytes, bytes - prefixes - lines],
      firstMs: first.at,
      lastMs: taken.at(-1)?.at ?? first.at,
    };
  }

  private hasRoomFor(bytes: number): boolean {
    const pending = this.pendingBytes + this.pending.length * bundleOverhead;
    return pending < pendingMax && this.sender.hasRoom && this.allowance.admits(bytes, performance.now());
  }

  private lose(lines: number, bytes: number): void {
    this.lostLines += lines;
    this.lostBytes += bytes;
    this.sender.dropped += lines;
  }

  private sayLost(): void {
    if (this.lostBytes === 0) return;
    const said = `… ${this.lostLines} lines (${this.lostBytes} bytes) are missing here: they came faster than logs are taken.`;
    this.lostLines = 0;
    this.lostBytes = 0;
    this.add('note', 'warn', said, false);
  }

  private addPieces(line: string, level: LogLevel): void {
    let from = 0;
    for (; line.length - from > limits.logTextLength; from += limits.logTextLength) {
      this.add('log', level, line.slice(from, from + limits.logTextLength), true);
    }
    this.add('log', level, line.slice(from), false);
  }

  private add(stream: LogStream, level: LogLevel, text: string, partial: boolean): void {
    const at = this.now();
    const prefix = this.nextPrefix(at, stream, level, partial);
    let last = this.pending.at(-1);
    if (!last?.isOpenAt(at)) this.push((last = new LineBundle(at)));
    const before = last.size;
    last.add(`${prefix}${text}\n`, prefix.length);
    this.noteHeld(last.size - before);
  }

  /** Whole lines, none of them long. */
  private addMany(stream: LogStream, level: LogLevel, text: string): void {
    const at = this.now();
    const nextPrefix = (): string => this.nextPrefix(at, stream, level, false);
    packLines(text, nextPrefix, (packed) => {
      this.push(LineBundle.of(at, packed));
      this.noteHeld(packed.bytes.length);
    });
  }

  /** Whole lines as they came. */
  private addGroup(stream: LogStream, level: LogLevel, bytes: Buffer, lines: number): void {
    const at = this.now();
    const head = groupHead({ offsetMs: at - this.sender.baseMs, number: this.number + 1, stream, level, lines });
    this.number += lines;
    this.allowance.countLines(lines);
    const packed = Buffer.allocUnsafeSlow(head.length + bytes.length);
    packed.write(head, 'latin1');
    bytes.copy(packed, head.length);
    this.push(LineBundle.of(at, { bytes: packed, lines, prefixes: head.length }));
    this.noteHeld(packed.length);
  }

  private now(): number {
    return Math.max(this.sender.baseMs, Date.now());
  }

  private nextPrefix(at: number, stream: LogStream, level: LogLevel, partial: boolean): string {
    this.number += 1;
    this.allowance.countLines(1);
    return linePrefix({ offsetMs: at - this.sender.baseMs, number: this.number, stream, level, partial });
  }

  private push(bundle: LineBundle): void {
    this.pending.push(bundle);
    this.sender.heldBundles += 1;
  }

  private noteHeld(bytes: number): void {
    this.pendingBytes += bytes;
    this.sender.held += bytes;
    this.sender.note(this);
  }
}
